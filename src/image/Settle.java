import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ConstantPoolSharingOption;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/// Makes the classes that Quarkus generates the same in each build of one commit. Their only
/// differences are two:
///
/// - the keys by which recorded build steps hand values to each other, `proxykey1` and so on, are
///   numbered by one counter for build steps that run side by side;
/// - the mappings of configuration that beans ask for are kept in a set by identity, and the fields
///   `configClass$0` and so on that stand for mappings are numbered in its order.
///
/// Both get the numbers here that their order in the jar and their names give them. What else there
/// is in the jar stays as it is, byte for byte.
///
/// usage: java Settle.java JAR
final class Settle {
  private static final String KEY = "proxykey";
  private static final String CLASSES = "io/quarkus/runtime/generated/";
  private static final String SHARED = CLASSES + "SharedConfig";
  private static final String FIELD = "configClass$";

  private final Map<String, String> keys = new HashMap<>();

  /// New names of the fields that stand for mappings, by those that Quarkus gave them.
  private final Map<String, String> fields = new HashMap<>();

  private Settle() {}

  public static void main(String[] args) throws IOException {
    Path jar = Path.of(args[0]);
    Map<ZipEntry, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        entries.put(entry, in.readAllBytes());
      }
    }
    Settle settle = new Settle();
    for (Map.Entry<ZipEntry, byte[]> entry : entries.entrySet()) {
      if (entry.getKey().getName().equals(SHARED + ".class")) {
        settle.name(ClassFile.of().parse(entry.getValue()));
      }
    }
    ByteArrayOutputStream settled = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(settled)) {
      for (Map.Entry<ZipEntry, byte[]> entry : entries.entrySet()) {
        ZipEntry written = new ZipEntry(entry.getKey().getName());
        written.setTimeLocal(entry.getKey().getTimeLocal());
        out.putNextEntry(written);
        out.write(settle.settled(entry.getKey().getName(), entry.getValue()));
      }
    }
    Files.write(jar, settled.toByteArray());
  }

  private byte[] settled(String name, byte[] bytes) throws IOException {
    if (!name.endsWith(".class")) {
      return bytes;
    }
    return name.startsWith(CLASSES) ? mapped(bytes) : keyed(bytes);
  }

  /// The class with keys renamed in its constant pool; JVMS section 4.4.
  private byte[] keyed(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    ByteArrayOutputStream renamed = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(renamed);
    out.writeLong(in.readLong());
    int count = in.readUnsignedShort();
    out.writeShort(count);
    for (int i = 1; i < count; i++) {
      int tag = in.readUnsignedByte();
      out.writeByte(tag);
      switch (tag) {
        case 1 -> out.writeUTF(key(in.readUTF()));
        case 3, 4, 9, 10, 11, 12, 17, 18 -> out.write(in.readNBytes(4));
        case 5, 6 -> {
          out.write(in.readNBytes(8));
          i++;
        }
        case 7, 8, 16, 19, 20 -> out.write(in.readNBytes(2));
        case 15 -> out.write(in.readNBytes(3));
        default ->
            throw new IOException("constant pool tag " + tag + " (expected: one of JVMS 4.4)");
      }
    }
    in.transferTo(out);
    return renamed.toByteArray();
  }

  private String key(String text) {
    return text.matches(KEY + "[0-9]+")
        ? keys.computeIfAbsent(text, _ -> KEY + (keys.size() + 1))
        : text;
  }

  /// One mapping as the class initialiser makes it.
  ///
  /// @param name of the mapped class, and its prefix
  /// @param field that stands for it
  /// @param code what makes it
  private record Mapping(String name, String field, List<CodeElement> code) {}

  private void name(ClassModel shared) {
    for (MethodModel method : shared.methods()) {
      if (method.methodName().equalsString("<clinit>")) {
        List<Mapping> mappings = mappings(method.code().orElseThrow().elementList());
        for (int i = 0; i < mappings.size(); i++) {
          fields.put(mappings.get(i).field(), FIELD + i);
        }
      }
    }
  }

  /// The mappings that this code makes, sorted.
  private static List<Mapping> mappings(List<CodeElement> code) {
    List<Mapping> mappings = new ArrayList<>();
    for (int i = 0; i < code.size(); i++) {
      if (calls(code, i + 2, "configClass")) {
        int end = end(code, i);
        mappings.add(
            new Mapping(
                text(code.get(i)) + " " + text(code.get(i + 1)),
                ((FieldInstruction) code.get(i + 3)).name().stringValue(),
                code.subList(i, end)));
        i = end - 1;
      }
    }
    mappings.sort(Comparator.comparing(Mapping::name));
    return mappings;
  }

  /// Where the code ends that makes the mapping whose code begins there.
  private static int end(List<CodeElement> code, int begin) {
    int end = begin + 4;
    while (calls(code, end + 1, "ensureLoaded")) {
      end += 2;
    }
    return end;
  }

  private static boolean calls(List<CodeElement> code, int at, String method) {
    return at < code.size()
        && code.get(at) instanceof InvokeInstruction call
        && call.name().equalsString(method);
  }

  private static Object text(CodeElement constant) {
    return ((ConstantInstruction) constant).constantValue();
  }

  /// The class with its mappings made, and told to whoever builds the configuration, in the order
  /// of their names.
  private byte[] mapped(byte[] bytes) {
    ClassFile format = ClassFile.of(ConstantPoolSharingOption.NEW_POOL);
    return format.transformClass(
        format.parse(bytes),
        ClassTransform.transformingMethods((method, part) -> {
          if (part instanceof CodeModel code) {
            method.withCode(to -> write(code.elementList(), to));
          } else {
            method.with(part);
          }
        }));
  }

  private void write(List<CodeElement> code, CodeBuilder to) {
    Iterator<Mapping> sorted = mappings(code).iterator();
    Iterator<String> told = told(code).iterator();
    for (int i = 0; i < code.size(); i++) {
      if (calls(code, i + 2, "configClass")) {
        i = end(code, i) - 1;
        sorted.next().code().forEach(element -> put(element, to));
      } else if (calls(code, i + 4, "withMapping")) {
        FieldInstruction read = (FieldInstruction) code.get(i);
        to.fieldAccess(Opcode.GETSTATIC, read.owner().asSymbol(), told.next(), read.typeSymbol());
      } else {
        put(code.get(i), to);
      }
    }
  }

  /// The new names of the fields whose mappings this code tells, in their order.
  private List<String> told(List<CodeElement> code) {
    List<String> told = new ArrayList<>();
    for (int i = 0; i < code.size(); i++) {
      if (calls(code, i + 4, "withMapping")) {
        told.add(fields.get(((FieldInstruction) code.get(i)).name().stringValue()));
      }
    }
    told.sort(Comparator.comparingInt(name -> Integer.parseInt(name.substring(FIELD.length()))));
    return told;
  }

  /// Writes an element as it is, but for the new name of the field that it reads or writes.
  private void put(CodeElement element, CodeBuilder to) {
    if (element instanceof FieldInstruction field
        && field.owner().asInternalName().equals(SHARED)
        && fields.containsKey(field.name().stringValue())) {
      to.fieldAccess(
          field.opcode(),
          field.owner().asSymbol(),
          fields.get(field.name().stringValue()),
          field.typeSymbol());
    } else {
      to.with(element);
    }
  }
}
