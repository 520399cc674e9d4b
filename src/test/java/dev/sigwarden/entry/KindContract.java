package dev.sigwarden.entry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.x509.CertificateForge;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the kinds of Rekor v1 keep to beyond what all decoders do.
public abstract class KindContract extends EntryDecoderContract {
  /// A Fulcio-like certificate in PEM.
  protected static final String CERTIFICATE =
      CertificateForge.pem("CERTIFICATE", RekorSamples.certificate());

  /// A key in PEM.
  protected static final String KEY = CertificateForge.pem("PUBLIC KEY", CertificateForge.KEY);

  @Test
  void refuses_a_version_that_nobody_defined() {
    byte[] sample = samples().getFirst();
    assertThat(reason(changed(sample, "\"apiVersion\":\"0.0.", "\"apiVersion\":\"9.0.")))
        .contains("version 9.0.", "expected: one of");
  }

  @Test
  void refuses_an_entry_without_spec_or_with_an_empty_one() {
    for (byte[] sample : samples()) {
      String text = new String(sample, UTF_8);
      String head = text.substring(0, text.indexOf("\"spec\":"));
      assertThat(reason((head + "\"spec\":{}}").getBytes(UTF_8))).isNotBlank();
      assertThat(reason((head + "\"x\":1}").getBytes(UTF_8))).contains("without spec");
    }
  }

  @Test
  void refuses_a_repeated_member_wherever_it_is() {
    for (byte[] sample : samples()) {
      assertThat(reason(changed(sample, "\"spec\":{", "\"spec\":{\"zz\":1,\"zz\":2,")))
          .contains("Duplicate");
    }
  }

  @Test
  void passes_over_members_that_are_not_known() {
    for (byte[] sample : samples()) {
      byte[] more =
          changed(sample, "\"spec\":{", "\"spec\":{\"zz\":{\"hash\":{},\"content\":[7]},");
      SigningEvent event = event(more);
      assertThat(event.signers().stream().map(Describe::signer).toList())
          .isEqualTo(event(sample).signers().stream().map(Describe::signer).toList());
    }
  }

  @Test
  void is_reached_through_the_format() {
    EntryDecoder rekor = Decoders.found().forFormat("rekor");
    for (byte[] sample : samples()) {
      assertThat(Describe.decoded(rekor.decode(EntryBytes.of(sample))))
          .isEqualTo(Describe.decoded(decoder().decode(EntryBytes.of(sample))));
    }
  }

  /// The event that the entry is.
  protected final SigningEvent event(byte[] entry) {
    Decoded decoded = decoder().decode(EntryBytes.of(entry));
    assertThat(decoded).isInstanceOf(Decoded.Event.class);
    return ((Decoded.Event) decoded).event();
  }

  /// Why the entry is none.
  protected final String reason(byte[] entry) {
    Decoded decoded = decoder().decode(EntryBytes.of(entry));
    assertThat(decoded).isInstanceOf(Decoded.Undecodable.class);
    return ((Decoded.Undecodable) decoded).reason();
  }

  /// The only signer of the entry.
  protected final Signer signer(byte[] entry) {
    List<Signer> signers = event(entry).signers();
    assertThat(signers).hasSize(1);
    return signers.getFirst();
  }

  /// The entry with a part of its text replaced, which must be there.
  protected static byte[] changed(byte[] entry, String part, String replacement) {
    String text = new String(entry, UTF_8);
    assertThat(text).contains(part);
    return text.replace(part, replacement).getBytes(UTF_8);
  }

  /// `ROLE sha256:…` of each artifact.
  protected static List<String> artifacts(SigningEvent event) {
    return event.artifacts().stream().map(one -> one.role() + " " + one.digest()).toList();
  }
}
