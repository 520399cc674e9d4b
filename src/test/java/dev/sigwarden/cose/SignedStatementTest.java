package dev.sigwarden.cose;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignedStatementTest {
  private static final byte[] HASH = new byte[48];

  /// A statement that nobody signed, with this protected header.
  private static byte[] with(Consumer<CborWriter> header, byte[] payload) {
    CborWriter encoded = new CborWriter();
    header.accept(encoded);
    return new CborWriter()
        .tag(18)
        .array(4)
        .bytes(encoded.toBytes())
        .map(0)
        .bytes(payload)
        .bytes(new byte[64])
        .toBytes();
  }

  private static SignedStatement parse(String header, byte[] payload)
      throws MalformedCoseException {
    return SignedStatement.parse(
        with(writer -> writer.encoded(HexFormat.of().parseHex(header)), payload));
  }

  @Test
  void payload_is_hashed_here_unless_it_is_a_hash() throws Exception {
    PayloadDigest payload = parse("a10126", "abc".getBytes(UTF_8)).payload();

    assertThat(payload.form()).isEqualTo(PayloadDigest.Form.PAYLOAD);
    assertThat(payload.value().toHex())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void hash_envelope_is_read_with_type_and_place_of_what_was_hashed() throws Exception {
    PayloadDigest payload =
        SignedStatement.parse(
                with(
                    map -> {
                      map.map(4).integer(1).integer(-7).integer(258).integer(-43);
                      map.integer(259).integer(50).integer(260).text("https://a.example/x");
                    },
                    HASH))
            .payload();

    assertThat(payload)
        .isEqualTo(
            new PayloadDigest(
                HashAlgorithm.SHA384,
                Cbor.Bytes.of(HASH),
                PayloadDigest.Form.HASH_ENVELOPE,
                "50",
                "https://a.example/x"));
  }

  @Test
  void older_hash_envelope_is_read_and_marked() throws Exception {
    byte[] inside =
        new CborWriter().array(3).integer(-43).bytes(HASH).text("https://a.example/x").toBytes();

    PayloadDigest payload =
        SignedStatement.parse(
                with(
                    map ->
                        map.map(2)
                            .integer(1)
                            .integer(-7)
                            .integer(3)
                            .text("application/json+cose-hash-v"),
                    inside))
            .payload();

    assertThat(payload.form()).isEqualTo(PayloadDigest.Form.LEGACY_HASH);
    assertThat(payload.contentType()).isEqualTo("application/json");
    assertThat(payload.location()).isEqualTo("https://a.example/x");
  }

  @ParameterizedTest
  @CsvSource({"391, 392", "iss, feed"})
  void older_headers_name_issuer_and_feed(String issuer, String feed) throws Exception {
    SignedStatement statement =
        SignedStatement.parse(
            with(
                map -> {
                  map.map(3).integer(1).integer(-7);
                  label(map, issuer).text("did:web:a.example");
                  label(map, feed).text("app");
                },
                HASH));

    assertThat(statement.claims().issuer()).isEqualTo("did:web:a.example");
    assertThat(statement.claims().subject()).isEqualTo("app");
    assertThat(statement.claims().legacy()).isTrue();
  }

  private static CborWriter label(CborWriter map, String label) {
    return Character.isDigit(label.charAt(0))
        ? map.integer(Long.parseLong(label))
        : map.text(label);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a0                                   | no algorithm
          a1013a00010000                       | header 1: -65537
          a10163455332                         | protected header 1: "ES2" (expected: an integer)
          80                                   | no map in its bytes
          a2012602 80                          | expected: at least one label
          a20126028119ffff                     | header 2: 65535
          a201260281181f                       | header 2: 31
          a20126028118 21                      | header 2: 33
          a2012621 80                          |
          a201260f01                           | header 15: 1 (expected: a map)
          a201260fa10101                       | header 15 1: 1 (expected: text)
          a201260fa10620                       | header 15 6: -1 (expected: seconds
          a201260fa106c200                     | header 15 6: tag 2 (expected: seconds
          a201260fa1061b0000003afff44180       | header 15 6: 253402300800
          a20126182180                         | 1 to 10
          a201261821810 1                      | header 33: 1 (expected: bytes in its array)
          a2012618228126                       | header 34
          a20126182282264101                   | hash algorithm: -7
          a201261822822f4101                   | header 34
          a2012619010226                       | hash algorithm: -7
          a201261901022f                       | a SHA256 hash of 48 bytes (expected: 32)
          a3012603616119010238 2a              | header 3: a (expected: none in a hash envelope)
          a20126190103182a                     | header 258: absent
          a3012663697373616119018761 62        | said twice
          a301260fa0636973736161               | claims in two forms
          a201266b617474657374656473766301     | expected: a map
          a201266b6174746573746564737663a0     | no cose_key
          """)
  void header_of_another_form_is_refused(String header, String because) throws Exception {
    String hex = header.replace(" ", "");
    if (because == null) {
      assertThat(parse(hex, HASH)).isNotNull();
      return;
    }
    assertThatThrownBy(() -> parse(hex, HASH))
        .isInstanceOf(MalformedCoseException.class)
        .hasMessageContaining(because);
  }

  @Test
  void older_hash_envelope_of_another_form_is_refused() {
    Consumer<CborWriter> header =
        map -> map.map(2).integer(1).integer(-7).integer(3).text("a/b+cose-hash-v");

    for (String payload : new String[] {"01", "80", "8120", "822f4101", "820000", "8100"}) {
      assertThatThrownBy(
              () -> SignedStatement.parse(with(header, HexFormat.of().parseHex(payload))))
          .isInstanceOf(MalformedCoseException.class);
    }
  }

  @Test
  void receipts_are_cut_out_and_what_stands_beside_them_stays() throws Exception {
    CborWriter header = new CborWriter().map(1).integer(1).integer(-7);
    byte[] both =
        new CborWriter()
            .tag(18)
            .array(4)
            .bytes(header.toBytes())
            .map(2)
            .integer(394)
            .array(1)
            .bytes(new byte[] {1})
            .text("note")
            .text("kept")
            .bytes(HASH)
            .bytes(new byte[64])
            .toBytes();
    byte[] without =
        new CborWriter()
            .tag(18)
            .array(4)
            .bytes(header.toBytes())
            .map(1)
            .text("note")
            .text("kept")
            .bytes(HASH)
            .bytes(new byte[64])
            .toBytes();

    assertThat(SignedStatement.parse(both).withoutReceipts()).isEqualTo(without);
    assertThat(SignedStatement.parse(without).withoutReceipts()).isEqualTo(without);
    assertThat(SignedStatement.parse(both).claimsDigest())
        .isEqualTo(SignedStatement.parse(without).claimsDigest())
        .isEqualTo(
            dev.sigwarden.merkle.Hash.ofData(SignedStatement.parse(both).message().toEmptied()));
  }
}
