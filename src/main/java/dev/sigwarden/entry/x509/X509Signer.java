package dev.sigwarden.entry.x509;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.entry.der.DerReader;
import dev.sigwarden.entry.der.DerTime;
import dev.sigwarden.entry.der.MalformedDerException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A signer that knows where the parts of its certificate lie and reads most of them when asked.
/// Thread-safe: what is remembered is immutable, and computing it twice gives the same.
final class X509Signer implements CertificateSigner {
  /// Where parts of the certificate lie, as indices into its bytes; each end exclusive.
  static final class Parts {
    private int serialFrom;
    private int serialTo;
    private int issuerFrom;
    private int issuerTo;
    private int validityFrom;
    private int validityTo;
    private int subjectFrom;
    private int subjectTo;
    private int keyFrom;
    private int keyTo;

    /// The reader is at the serial number.
    void serial(DerReader at) {
      serialFrom = at.from();
      serialTo = at.to();
    }

    /// The reader is at the issuer's name.
    void issuer(DerReader at) {
      issuerFrom = at.from();
      issuerTo = at.to();
    }

    /// The reader is at the validity.
    void validity(DerReader at) {
      validityFrom = at.from();
      validityTo = at.to();
    }

    /// The reader is at the subject's name.
    void subject(DerReader at) {
      subjectFrom = at.from();
      subjectTo = at.to();
    }

    /// The reader is at the SubjectPublicKeyInfo.
    void key(DerReader at) {
      keyFrom = at.start();
      keyTo = at.to();
    }
  }

  /// The longest serial number in bytes. RFC 5280 section 4.1.2.2.
  private static final int MAX_SERIAL = 20;

  private final byte[] der;
  private final Parts parts;
  private final List<SubjectName> subjects;
  private final FulcioPlaces fulcio;
  private final Oddities found;
  private @Nullable FulcioValues values;
  private @Nullable Digest keySha256;
  private @Nullable Digest certificateSha256;

  X509Signer(
      byte[] der, Parts parts, List<SubjectName> subjects, FulcioPlaces fulcio, Oddities found) {
    this.der = der;
    this.parts = parts;
    this.subjects = List.copyOf(subjects);
    this.fulcio = fulcio;
    this.found = found;
  }

  @Override
  public List<SubjectName> subjects() {
    return subjects;
  }

  @Override
  public String issuer() {
    return values().issuer();
  }

  @Override
  public Map<String, String> extensions() {
    return values().byOid();
  }

  @Override
  public String subjectDn() {
    return DistinguishedNames.render(der, parts.subjectFrom, parts.subjectTo);
  }

  @Override
  public String issuerDn() {
    return DistinguishedNames.render(der, parts.issuerFrom, parts.issuerTo);
  }

  @Override
  public String serial() {
    if (parts.serialFrom == parts.serialTo) {
      return "";
    }
    boolean negative = der[parts.serialFrom] < 0;
    BigInteger value =
        new BigInteger(der, parts.serialFrom, parts.serialTo - parts.serialFrom).abs();
    byte[] magnitude = value.toByteArray();
    int from = magnitude.length > 1 && magnitude[0] == 0 ? 1 : 0;
    return (negative ? "-" : "") + HexFormat.of().formatHex(magnitude, from, magnitude.length);
  }

  @Override
  public Instant notBefore() {
    Instant time = time(0);
    return time == null ? Instant.EPOCH : time;
  }

  @Override
  public Instant notAfter() {
    Instant time = time(1);
    return time == null ? Instant.EPOCH : time;
  }

  @Override
  public List<String> oddities() {
    List<String> all = new ArrayList<>(found.toList());
    all.addAll(values().oddities());
    Oddities late = new Oddities();
    if (time(0) == null || time(1) == null) {
      late.add("the validity cannot be read");
    }
    int serialLength = parts.serialTo - parts.serialFrom;
    if (serialLength == 0 || serialLength > MAX_SERIAL + 1 || der[parts.serialFrom] < 0) {
      late.add("the serial number is empty, negative or longer than 20 bytes");
    }
    if (!DistinguishedNames.isReadable(der, parts.subjectFrom, parts.subjectTo)) {
      late.add("the subject's distinguished name cannot be read");
    }
    if (!DistinguishedNames.isReadable(der, parts.issuerFrom, parts.issuerTo)) {
      late.add("the issuer's distinguished name cannot be read");
    }
    all.addAll(late.toList());
    return List.copyOf(all);
  }

  @Override
  public Digest certificateSha256() {
    Digest known = certificateSha256;
    if (known == null) {
      known = Digest.sha256(der, 0, der.length);
      certificateSha256 = known;
    }
    return known;
  }

  @Override
  public Digest keySha256() {
    Digest known = keySha256;
    if (known == null) {
      known = Digest.sha256(der, parts.keyFrom, parts.keyTo - parts.keyFrom);
      keySha256 = known;
    }
    return known;
  }

  @Override
  public byte[] toDer() {
    return der.clone();
  }

  /// The names and the key, for a debugger or a failed test; text from the entry.
  @Override
  public String toString() {
    return "certificate %s %s".formatted(certificateSha256(), subjects);
  }

  private FulcioValues values() {
    FulcioValues known = values;
    if (known == null) {
      known = FulcioValues.read(der, fulcio);
      values = known;
    }
    return known;
  }

  /// The validity's time number `which`, 0 or 1; null if it cannot be read.
  private @Nullable Instant time(int which) {
    DerReader times = new DerReader(der, parts.validityFrom, parts.validityTo);
    try {
      for (int i = 0; i <= which; i++) {
        if (!times.next()) {
          return null;
        }
      }
    } catch (MalformedDerException _) {
      return null;
    }
    return DerTime.of(times.tag(), der, times.from(), times.to());
  }
}
