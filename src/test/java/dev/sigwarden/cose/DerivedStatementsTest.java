package dev.sigwarden.cose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.Vectors;
import dev.sigwarden.cose.ReceiptCheck.LeafForm;
import dev.sigwarden.cose.StatementVerdict.Outcome;
import dev.sigwarden.ledger.ServiceKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A real transparent statement, altered: what nobody signed is not believed, and says why.
class DerivedStatementsTest {
  private static final HexFormat HEX = HexFormat.of();

  /// Places in the statement and its receipt, as hex of what is there.
  private static final String PAYLOAD = "4904167aa9102a7557b97ac102469f50";

  private static final String SVN = "6373766e1868";
  private static final String FIRST_SIBLING = "f55820dcca11d1f7ce42c6";
  private static final String DATA_HASH = "5820a60138fb1591fe6c43";
  private static final String EVIDENCE = "63653a3435382e31323434303a";

  private byte[] uvm = {};
  private SignedStatement statement;
  private byte[] receipt = {};
  private List<ReceiptKeys.Entry> keys = List.of();

  @BeforeEach
  void read() throws Exception {
    uvm = file("scitt-ccf-ledger/uvm_0.2.10.cose");
    statement = SignedStatement.parse(uvm);
    receipt = statement.receipts().getFirst().toBytes();
    keys = ServiceKeys.read(file("scitt-ccf-ledger/esrp-cts-db.json"));
  }

  private static byte[] file(String name) throws IOException {
    return Files.readAllBytes(Vectors.dir("scitt").resolve(name));
  }

  private StatementVerdict check(byte[] bytes) throws MalformedCoseException {
    return check(bytes, keys);
  }

  private static StatementVerdict check(byte[] bytes, List<ReceiptKeys.Entry> keys)
      throws MalformedCoseException {
    return new StatementCheck(
            new SignerCheck(List.of()), new ReceiptCheck(ReceiptKeys.of(keys), LeafForm.DIGEST))
        .check(SignedStatement.parse(bytes), List.of());
  }

  /// The statement with a byte changed where `hex` is in it.
  private static byte[] changed(byte[] bytes, String hex, int offset, int bits) {
    String all = HEX.formatHex(bytes);
    int at = all.indexOf(hex) / 2;
    assertThat(all).contains(hex);
    byte[] changed = bytes.clone();
    changed[at + offset] ^= (byte) bits;
    return changed;
  }

  private static byte[] joined(byte[]... parts) {
    StringBuilder all = new StringBuilder();
    for (byte[] part : parts) {
      all.append(HEX.formatHex(part));
    }
    return HEX.parseHex(all);
  }

  /// The statement with these receipts instead of its own.
  private byte[] with(byte[]... receipts) {
    return with(map -> {
      map.map(1).integer(394).array(receipts.length);
      for (byte[] one : receipts) {
        map.bytes(one);
      }
    });
  }

  private byte[] with(Consumer<CborWriter> unprotected) {
    CborWriter writer = new CborWriter().tag(18).array(4).bytes(header(statement.message()));
    unprotected.accept(writer);
    return writer
        .bytes(statement.message().payload().orElseThrow().toBytes())
        .bytes(statement.message().signature().toBytes())
        .toBytes();
  }

  private static byte[] header(CoseSign1 message) {
    return new CborWriter().item(message.protectedHeaders().table()).toBytes();
  }

  /// The receipt with other parts of its unprotected header.
  private byte[] receipt(Consumer<CborWriter> unprotected, byte[] payload) throws Exception {
    CoseSign1 message = Receipt.parse(receipt).message();
    CborWriter writer = new CborWriter().tag(18).array(4).bytes(header(message));
    unprotected.accept(writer);
    return (payload.length == 0 ? writer.nil() : writer.bytes(payload))
        .bytes(message.signature().toBytes())
        .toBytes();
  }

  private byte[] proofs(byte[]... proofs) throws Exception {
    return receipt(
        map -> {
          map.map(1).integer(396).map(1).integer(-1).array(proofs.length);
          for (byte[] one : proofs) {
            map.bytes(one);
          }
        },
        new byte[0]);
  }

  /// The proof with another path.
  private byte[] proof(Consumer<CborWriter> path) throws Exception {
    CcfInclusion proof = (CcfInclusion) Receipt.parse(receipt).inclusions().getFirst();
    CborWriter writer = new CborWriter().map(2).integer(1).array(3);
    writer.bytes(proof.transactionHash().toBytes()).text(proof.evidence());
    path.accept(writer.bytes(proof.dataHash().toBytes()).integer(2));
    return writer.toBytes();
  }

  private void steps(CborWriter writer) {
    try {
      CcfInclusion proof = (CcfInclusion) Receipt.parse(receipt).inclusions().getFirst();
      writer.array(proof.path().size());
      proof.path().forEach(step -> writer.array(2).bool(step.left()).bytes(step.hash().toBytes()));
    } catch (MalformedCoseException | UnsupportedCoseException e) {
      throw new AssertionError(e);
    }
  }

  private void assertInvalid(byte[] bytes, String because) throws Exception {
    StatementVerdict verdict = check(bytes);
    assertThat(verdict.outcome()).isEqualTo(Outcome.INVALID);
    assertThat(verdict.because()).anySatisfy(why -> assertThat(why).contains(because));
  }

  @Test
  void rebuilt_from_its_parts_it_is_the_same() throws Exception {
    assertThat(with(receipt)).isEqualTo(uvm);
    assertThat(proofs(proof(this::steps))).isEqualTo(receipt);
    assertThat(check(uvm).outcome()).isEqualTo(Outcome.PROVEN);
  }

  @Test
  void change_of_what_the_issuer_signed_is_noticed_by_issuer_and_ledger() throws Exception {
    for (byte[] changed : List.of(changed(uvm, PAYLOAD, 3, 1), changed(uvm, SVN, 5, 1))) {
      StatementVerdict verdict = check(changed);

      assertThat(verdict.outcome()).isEqualTo(Outcome.INVALID);
      assertThat(verdict.because())
          .containsExactly(
              "signer: the signature is not that of the certificate's key",
              "receipt: for another statement");
    }
  }

  @Test
  void change_of_the_statements_signature_is_noticed_by_issuer_and_ledger() throws Exception {
    byte[] changed = uvm.clone();
    changed[changed.length - 1] ^= 1;

    assertThat(check(changed).because()).hasSize(2);
    assertThat(check(changed).outcome()).isEqualTo(Outcome.INVALID);
  }

  @Test
  void change_of_the_receipt_is_refused_for_its_own_reason() throws Exception {
    byte[] signature = receipt.clone();
    signature[signature.length - 1] ^= 1;

    assertInvalid(with(signature), "the signature is not that of its key over the root");
    assertInvalid(
        with(changed(receipt, FIRST_SIBLING, 0, 1)),
        "the path is not that of transaction 458.12440");
    assertInvalid(with(changed(receipt, FIRST_SIBLING, 3, 1)), "its key over the root");
    assertInvalid(with(changed(receipt, DATA_HASH, 2, 1)), "for another statement");
    assertInvalid(with(changed(receipt, EVIDENCE, 11, 1)), "which is not behind it");
    assertInvalid(with(changed(receipt, EVIDENCE, 8, 2)), "the path is not that of transaction");
    assertInvalid(with(changed(receipt, EVIDENCE, 14, 1)), "its key over the root");
    assertInvalid(with(changed(receipt, EVIDENCE, 0, 1)), "evidence: ");
    assertInvalid(with(joined(receipt, new byte[1])), "1 bytes after the item");
    assertInvalid(with(HEX.parseHex("01")), "expected: tag 18");
  }

  @Test
  void only_the_receipt_is_refused_where_only_the_receipt_is_wrong() throws Exception {
    StatementVerdict verdict = check(with(changed(receipt, FIRST_SIBLING, 0, 1)));

    assertThat(verdict.signer()).isInstanceOf(SignerVerdict.Verified.class);
    assertThat(verdict.logged()).isFalse();
  }

  @Test
  void receipt_of_another_statement_of_the_same_service_proves_nothing() throws Exception {
    byte[] foreign =
        SignedStatement.parse(file("cosesign1go/esrp_transparent_hash_envelop.cose"))
            .receipts()
            .getFirst()
            .toBytes();

    assertThat(check(with(foreign, receipt)).outcome()).isEqualTo(Outcome.PROVEN);
    assertThat(check(with(receipt, foreign)).outcome()).isEqualTo(Outcome.PROVEN);
    assertInvalid(with(foreign), "for another statement");
  }

  @Test
  void receipt_of_an_unknown_structure_neither_helps_nor_harms() throws Exception {
    // The structure's number, 2, behind its label 395 in the protected header.
    byte[] unknown = changed(receipt, "19018b02", 3, 1);

    assertThat(check(with(unknown, receipt)).outcome()).isEqualTo(Outcome.PROVEN);
    assertThat(check(with(receipt, unknown)).outcome()).isEqualTo(Outcome.PROVEN);
    assertThat(check(with(unknown)).outcome()).isEqualTo(Outcome.UNPROVEN);
    assertThat(check(with(unknown)).because())
        .containsExactly("receipt: structure 3 (known: 1, RFC 9162, and 2, CCF)");
    assertThat(check(with(changed(receipt, FIRST_SIBLING, 0, 1), unknown)).outcome())
        .isEqualTo(Outcome.INVALID);
  }

  @Test
  void without_the_key_nothing_is_proven_and_nothing_is_disproven() throws Exception {
    List<ReceiptKeys.Entry> other =
        keys.stream()
            .filter(entry -> entry.key().spkiSha256().toHex().startsWith("23d48c28"))
            .toList();
    List<ReceiptKeys.Entry> elsewhere =
        keys.stream()
            .map(entry -> new ReceiptKeys.Entry(entry.key(), "other.example", entry.kid()))
            .toList();

    assertThat(other).isNotEmpty();
    for (List<ReceiptKeys.Entry> held : List.of(List.<ReceiptKeys.Entry>of(), other, elsewhere)) {
      StatementVerdict verdict = check(uvm, held);
      assertThat(verdict.outcome()).isEqualTo(Outcome.UNPROVEN);
      assertThat(verdict.because())
          .containsExactly(
              "receipt: no key \"da7694f16def5a056ca96afb21e89a9450e4cc875e2de351da76d99544a3e849\""
                  + " of \"esrp-cts-db.confidential-ledger.azure.com\" is known");
    }
  }

  @Test
  void kid_of_another_key_that_is_held_finds_that_key_and_fails() throws Exception {
    String own = "da7694f16def5a056ca96afb21e89a9450e4cc875e2de351da76d99544a3e849";
    String other = "23d48c280f71abf575c81e89f18a4dc9f3b33d8a3b149b16ad836c8553f95bc0";
    String hex = HEX.formatHex(receipt);
    String swapped =
        hex.replace(
            HEX.formatHex(own.getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
            HEX.formatHex(other.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));

    assertThat(swapped).isNotEqualTo(hex);
    assertInvalid(with(HEX.parseHex(swapped)), "its key over the root");
  }

  @Test
  void proof_of_another_shape_is_refused() throws Exception {
    assertInvalid(with(proofs(proof(path -> path.array(0)))), "1 to 64 steps");
    assertInvalid(
        with(proofs(proof(path -> path.array(1).array(2).integer(1).bytes(new byte[32])))),
        "expected: [bool, hash]");
    assertInvalid(
        with(proofs(proof(path -> path.array(1).array(2).bool(true).bytes(new byte[31])))),
        "expected: a hash of 32 bytes");
    byte[] own = proof(this::steps);
    assertThat(check(with(proofs(own, own))).outcome()).isEqualTo(Outcome.PROVEN);
    assertInvalid(with(proofs(own, changed(own, FIRST_SIBLING, 3, 1))), "different roots");
    assertInvalid(with(proofs()), "0 proofs");
    assertInvalid(with(receipt(map -> map.map(0), new byte[0])), "no proofs");
  }

  @Test
  void what_a_receipt_is_signed_by_stands_in_its_protected_header_only() throws Exception {
    byte[] own = proof(this::steps);
    for (int label : new int[] {1, 4, 395}) {
      byte[] twice =
          receipt(
              map -> {
                map.map(2).integer(396).map(1).integer(-1).array(1).bytes(own);
                map.integer(label).integer(-35);
              },
              new byte[0]);
      assertThat(check(with(twice)).outcome()).isEqualTo(Outcome.INVALID);
    }
  }

  @Test
  void root_inside_a_receipt_is_the_one_that_its_proof_leads_to_or_the_receipt_is_refused()
      throws Exception {
    CcfInclusion proof = (CcfInclusion) Receipt.parse(receipt).inclusions().getFirst();
    Consumer<CborWriter> proofs =
        map -> {
          map.map(1).integer(396).map(1).integer(-1).array(1);
          CborWriter inner = new CborWriter().map(2).integer(1).array(3);
          inner.bytes(proof.transactionHash().toBytes()).text(proof.evidence());
          steps(inner.bytes(proof.dataHash().toBytes()).integer(2));
          map.bytes(inner.toBytes());
        };

    assertThat(check(with(receipt(proofs, proof.root().toBytes()))).outcome())
        .isEqualTo(Outcome.PROVEN);
    assertInvalid(with(receipt(proofs, new byte[32])), "its payload is not the root");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"trailing", "untagged", "double tag", "indefinite array", "long form", "cut"})
  void other_forms_of_the_same_statement_are_no_statement(String form) {
    byte[] other =
        switch (form) {
          case "trailing" -> joined(uvm, new byte[1]);
          case "untagged" -> java.util.Arrays.copyOfRange(uvm, 1, uvm.length);
          case "double tag" -> joined(new byte[] {(byte) 0xd2}, uvm);
          case "indefinite array" -> {
            byte[] open = joined(uvm, new byte[] {(byte) 0xff});
            open[1] = (byte) 0x9f;
            yield open;
          }
          case "long form" ->
              joined(HEX.parseHex("d29804"), java.util.Arrays.copyOfRange(uvm, 2, uvm.length));
          default -> java.util.Arrays.copyOf(uvm, uvm.length - 1);
        };

    assertThatThrownBy(() -> SignedStatement.parse(other))
        .isInstanceOf(MalformedCoseException.class)
        .hasMessageMatching(".*(expected|after|tag).*");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          empty list       | unprotected header 394: 0 receipts
          no list          | unprotected header 394: 3 bytes
          seventeen        | unprotected header 394: 17 receipts
          no bytes in list | unprotected header 394: 7
          twice            | the key 394 twice
          in both headers  | header 1: in both headers
          """)
  void unprotected_header_of_another_form_is_refused(String form, String because) {
    byte[] other =
        with(map -> {
          switch (form) {
            case "empty list" -> map.map(1).integer(394).array(0);
            case "no list" -> map.map(1).integer(394).bytes(new byte[3]);
            case "no bytes in list" -> map.map(1).integer(394).array(1).integer(7);
            case "twice" -> map.map(2).integer(394).array(0).integer(394).array(0);
            case "in both headers" -> map.map(1).integer(1).integer(-38);
            default -> {
              map.map(1).integer(394).array(17);
              for (int i = 0; i < 17; i++) {
                map.bytes(receipt);
              }
            }
          }
        });

    assertThatThrownBy(() -> SignedStatement.parse(other))
        .isInstanceOf(MalformedCoseException.class)
        .hasMessageContaining(because);
  }

  @Test
  void statement_without_its_payload_is_refused() {
    List<byte[]> others = new ArrayList<>();
    for (boolean nil : new boolean[] {true, false}) {
      CborWriter writer =
          new CborWriter().tag(18).array(4).bytes(header(statement.message())).map(0);
      others.add(
          (nil ? writer.nil() : writer.bytes(new byte[0]))
              .bytes(statement.message().signature().toBytes())
              .toBytes());
    }

    for (byte[] other : others) {
      assertThatThrownBy(() -> SignedStatement.parse(other))
          .isInstanceOf(MalformedCoseException.class)
          .hasMessage("payload: detached or empty (expected: in the statement)");
    }
  }

  @Test
  void every_single_bit_of_the_signed_part_matters() throws Exception {
    // The protected header, the payload and both signatures, one bit of each 61st byte.
    for (int at = 0; at < uvm.length; at += 61) {
      byte[] changed = uvm.clone();
      changed[at] ^= 4;
      Outcome outcome;
      try {
        outcome = check(changed).outcome();
      } catch (MalformedCoseException _) {
        continue;
      }
      assertThat(outcome).as("byte %d", at).isNotEqualTo(Outcome.PROVEN);
    }
  }
}
