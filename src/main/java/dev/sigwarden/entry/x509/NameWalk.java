package dev.sigwarden.entry.x509;

import static dev.sigwarden.entry.der.DerReader.OBJECT_IDENTIFIER;
import static dev.sigwarden.entry.der.DerReader.SEQUENCE;
import static dev.sigwarden.entry.der.DerReader.SET;

import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.entry.SubjectName.Kind;
import dev.sigwarden.entry.der.DerReader;
import dev.sigwarden.entry.der.DerText;
import dev.sigwarden.entry.der.MalformedDerException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects every name that a certificate or a request for one may be taken for: all common names
/// and e-mail addresses of the subject, whatever their place in it, and all names of all
/// SubjectAltName extensions. What cannot be read is noted and hides nothing that can.
///
/// Texts are taken as they stand: authorities write UTF-8 and Latin-1 where ASCII belongs, so bytes
/// that are not UTF-8 are Latin-1.
final class NameWalk {
  /// The most names read of one certificate; real ones have up to 2,000.
  static final int MAX_NAMES = 10_000;

  /// 2.5.4.3, commonName, the contents of its OBJECT IDENTIFIER.
  private static final byte[] COMMON_NAME = {0x55, 0x04, 0x03};

  /// 1.2.840.113549.1.9.1, emailAddress, likewise.
  private static final byte[] EMAIL_ADDRESS = {
    0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x09, 0x01
  };

  private static final int TELETEX_STRING = 0x14;

  private final byte[] der;
  private final Oddities oddities;
  private final List<SubjectName> subjects = new ArrayList<>(4);
  private final List<SubjectName> others = new ArrayList<>(1);
  private @Nullable String unread;
  private int extensions;

  NameWalk(byte[] der, Oddities oddities) {
    this.der = der;
    this.oddities = oddities;
  }

  /// The names of the SubjectAltName extensions, in order.
  List<SubjectName> subjects() {
    return List.copyOf(subjects);
  }

  /// The same, and before them those of distinguished names.
  List<SubjectName> all() {
    if (others.isEmpty()) {
      return subjects();
    }
    List<SubjectName> all = new ArrayList<>(others.size() + subjects.size());
    all.addAll(others);
    all.addAll(subjects);
    return List.copyOf(all);
  }

  /// The first reason why a part was not read in which a name may be; null if all were.
  @Nullable String unread() {
    return unread;
  }

  /// Notes that a part was not read.
  void unread(String why) {
    unread = unread == null ? why : unread;
    oddities.add(why);
  }

  /// Reads the distinguished name that the reader is at.
  void distinguishedName(DerReader name, String what) {
    try {
      DerReader relative = name.inside();
      while (relative.next()) {
        if (relative.tag() == SET) {
          relative(relative.inside(), what);
        } else {
          unread("%s: a relative name with tag 0x%02x".formatted(what, relative.tag()));
        }
      }
    } catch (MalformedDerException e) {
      unread("%s: %s".formatted(what, e.getMessage()));
    }
  }

  private void relative(DerReader each, String what) throws MalformedDerException {
    while (each.next()) {
      DerReader attribute = each.inside();
      if (each.tag() != SEQUENCE || !attribute.next() || attribute.tag() != OBJECT_IDENTIFIER) {
        unread("%s: an attribute without a type".formatted(what));
        continue;
      }
      Kind kind = kind(attribute.from(), attribute.to());
      if (kind == null) {
        continue;
      }
      if (!attribute.next()) {
        unread("%s: a %s without a value".formatted(what, kind.label()));
        continue;
      }
      String text = attributeText(attribute);
      if (text == null) {
        unread("%s: a %s that is no text".formatted(what, kind.label()));
      } else {
        add(others, new SubjectName(kind, text));
      }
    }
  }

  private @Nullable Kind kind(int from, int to) {
    if (Arrays.equals(der, from, to, COMMON_NAME, 0, COMMON_NAME.length)) {
      return Kind.COMMON_NAME;
    }
    boolean email = Arrays.equals(der, from, to, EMAIL_ADDRESS, 0, EMAIL_ADDRESS.length);
    return email ? Kind.EMAIL : null;
  }

  /// The text of an attribute; null if it is none.
  private @Nullable String attributeText(DerReader at) {
    String text = DerText.of(at.tag(), der, at.from(), at.to());
    if (text == null || !DerText.wasReplaced(text)) {
      // Teletex is Latin-1 or UTF-8 in practice, and what reads as UTF-8 is both.
      return at.tag() == TELETEX_STRING ? text(at.from(), at.to()) : text;
    }
    boolean oneByteEach = at.tag() < 0x1c;
    return oneByteEach ? text(at.from(), at.to()) : null;
  }

  /// Reads the value of a SubjectAltName extension.
  void alternativeNames(DerReader value) {
    if (++extensions > 1) {
      oddities.add("%d SubjectAltName extensions".formatted(extensions));
    }
    try {
      if (!value.next() || value.tag() != SEQUENCE) {
        unread("a SubjectAltName that is no list");
        return;
      }
      DerReader each = value.inside();
      while (each.next()) {
        alternativeName(each);
      }
      // One zero byte is the mark of an encoder that counts the end of a C string; no name fits.
      if (value.left() == 1 && der[value.to()] == 0) {
        oddities.add("a zero byte follows the subject alternative names");
      } else if (value.left() > 0) {
        unread("%d bytes follow the subject alternative names".formatted(value.left()));
      }
    } catch (MalformedDerException e) {
      unread("the subject alternative names: " + e.getMessage());
    }
  }

  private void alternativeName(DerReader at) {
    switch (at.tag()) {
      case GeneralNames.RFC822_NAME -> text(Kind.EMAIL, at);
      case GeneralNames.DNS_NAME -> text(Kind.DNS, at);
      case GeneralNames.URI -> text(Kind.URI, at);
      case GeneralNames.DIRECTORY_NAME -> {
        add(subjects, GeneralNames.read(der, at, oddities));
        directoryName(at.inside());
      }
      case GeneralNames.OTHER_NAME -> {
        SubjectName name = GeneralNames.read(der, at, oddities);
        add(subjects, name);
        if (name.value().startsWith("#")) {
          unread("an otherName that cannot be read");
        }
      }
      case GeneralNames.IP_ADDRESS,
          GeneralNames.REGISTERED_ID,
          GeneralNames.X400_ADDRESS,
          GeneralNames.EDI_PARTY_NAME ->
          add(subjects, GeneralNames.read(der, at, oddities));
      default -> {
        add(subjects, GeneralNames.read(der, at, oddities));
        unread("a subject alternative name of unknown kind 0x%02x".formatted(at.tag()));
      }
    }
  }

  /// [4] EXPLICIT Name. What is wrong with it stays in it: other names follow.
  private void directoryName(DerReader name) {
    try {
      if (name.next() && name.tag() == SEQUENCE) {
        distinguishedName(name, "a directory name");
        return;
      }
      unread("a directory name that is none");
    } catch (MalformedDerException e) {
      unread("a directory name: " + e.getMessage());
    }
  }

  private void text(Kind kind, DerReader at) {
    String text = text(at.from(), at.to());
    for (int i = at.from(); i < at.to(); i++) {
      if (der[i] < 0) {
        oddities.add("a name of kind %s is not ASCII: %s".formatted(kind.label(), text));
        break;
      }
    }
    add(subjects, new SubjectName(kind, text));
  }

  private String text(int from, int to) {
    String text = DerText.utf8(der, from, to);
    return DerText.wasReplaced(text)
        ? new String(der, from, to - from, StandardCharsets.ISO_8859_1)
        : text;
  }

  private void add(List<SubjectName> to, SubjectName name) {
    if (subjects.size() + others.size() < MAX_NAMES) {
      to.add(name);
    } else if (unread == null) {
      unread("more than %d names".formatted(MAX_NAMES));
    }
  }
}
