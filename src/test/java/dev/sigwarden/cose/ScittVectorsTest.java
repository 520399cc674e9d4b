package dev.sigwarden.cose;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.Vectors;
import dev.sigwarden.cose.ReceiptCheck.LeafForm;
import dev.sigwarden.cose.ReceiptVerdict.Invalid;
import dev.sigwarden.cose.ReceiptVerdict.Position.Leaf;
import dev.sigwarden.cose.ReceiptVerdict.Position.Transaction;
import dev.sigwarden.cose.ReceiptVerdict.Proven;
import dev.sigwarden.cose.ReceiptVerdict.Unproven;
import dev.sigwarden.cose.StatementVerdict.Outcome;
import dev.sigwarden.ledger.ServiceKeys;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.tuf.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Statements and receipts that services and others made, with the verdicts of their README.
class ScittVectorsTest {
  private static final JsonMapper JSON = new JsonMapper();

  private static byte[] file(String name) throws IOException {
    return Files.readAllBytes(Vectors.dir("scitt").resolve(name));
  }

  private static SignedStatement statement(String name) throws IOException, MalformedCoseException {
    return SignedStatement.parse(file(name));
  }

  private static ReceiptKeys keys(String... files)
      throws IOException, RefusedException, MalformedCoseException {
    List<ReceiptKeys.Entry> entries = new java.util.ArrayList<>();
    for (String name : files) {
      entries.addAll(ServiceKeys.read(file(name)));
    }
    return ReceiptKeys.of(entries);
  }

  private static StatementCheck check(ReceiptKeys keys, CoseKey... issuers) {
    return new StatementCheck(
        new SignerCheck(List.of(issuers)), new ReceiptCheck(keys, LeafForm.DIGEST));
  }

  private static Proven proven(StatementVerdict verdict) {
    assertThat(verdict.outcome()).as("%s", verdict).isEqualTo(Outcome.PROVEN);
    assertThat(verdict.because()).isEmpty();
    return (Proven) verdict.receipts().getFirst();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          scitt-ccf-ledger/uvm_0.2.10.cose | scitt-ccf-ledger/esrp-cts-db.json | 458.12440 | 458.12441 | 9a9b4394 | 3b0466 | a60138fb | 2649
          cosesign1go/esrp_transparent_hash_envelop.cose | cosesign1go/esrp_db_ledger_pub_keys.json | 685.17238 | 685.17239 | bf51c4d9 | bda0 | 9cbc2e89 | 2f67
          cosesign1go/aci-cc-ttl.ttl.cose | cosesign1go/aci-cc-ttl.ttl.json | 758.1411835 | 758.1411836 | d5cf755f | b2e2 | |
          cosesigntool/1ts-statement.scitt | cosesigntool/esrp-cts-cp.confidential-ledger.azure.com.jwks.json | 138.3387 | 138.3388 | 9bfd2a85 | c083 | ad2c00a9 | bfcd
          """)
  void accepts_statements_of_microsofts_services(
      String name,
      String keys,
      String registered,
      String signed,
      String root,
      String rootEnd,
      String claims,
      String claimsEnd)
      throws Exception {
    SignedStatement statement = statement(name);

    Proven proven = proven(check(keys(keys)).check(statement, List.of()));

    assertThat(proven.position())
        .isEqualTo(
            new Transaction(
                TxId.parse(registered).orElseThrow(), TxId.parse(signed).orElseThrow()));
    assertThat(proven.head().root().toHex()).startsWith(root).endsWith(rootEnd);
    assertThat(proven.head().size()).isEqualTo(TxId.parse(signed).orElseThrow().seqno());
    if (claims != null) {
      assertThat(statement.claimsDigest().toHex()).startsWith(claims).endsWith(claimsEnd);
    }
  }

  @Test
  void reads_who_and_what_of_a_hash_envelope() throws Exception {
    SignedStatement statement = statement("scitt-ccf-ledger/uvm_0.2.10.cose");

    assertThat(statement.claims().issuer()).endsWith("::eku:1.3.6.1.4.1.311.76.59.1.2");
    assertThat(statement.claims().subject()).isEqualTo("ContainerPlat-AMD-UVM");
    assertThat(statement.claims().svn()).hasValue(104);
    assertThat(statement.claims().legacy()).isFalse();
    assertThat(statement.payload().form()).isEqualTo(PayloadDigest.Form.HASH_ENVELOPE);
    assertThat(statement.payload().algorithm()).isEqualTo(HashAlgorithm.SHA384);
    assertThat(statement.payload().contentType()).isEqualTo("application/octet-stream");
    assertThat(statement.issuerParts())
        .containsExactly(
            "did:x509:0:sha256:I__iuL25oXEVFdTP_aBLx_eT1RPHbCQ_ECBQfYZpt9s",
            "eku:1.3.6.1.4.1.311.76.59.1.2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          scitt-ccf-ledger/cosesign1tool-scitt-a3be7e5.cose    | PAYLOAD     | false
          scitt-ccf-ledger/manifest.spdx.json.sha384.digest.cose | LEGACY_HASH | false
          scitt-ccf-ledger/cts-hashv-cwtclaims-b64url.cose     | LEGACY_HASH | false
          cosesign1go/esrp.test.cose                           | PAYLOAD     | true
          """)
  void believes_signers_without_a_receipt_and_proves_no_log(
      String name, PayloadDigest.Form form, boolean legacy) throws Exception {
    SignedStatement statement = statement(name);

    StatementVerdict verdict = check(ReceiptKeys.of(List.of())).check(statement, List.of());

    assertThat(verdict.signer()).isInstanceOf(SignerVerdict.Verified.class);
    assertThat(verdict.outcome()).isEqualTo(Outcome.UNPROVEN);
    assertThat(statement.payload().form()).isEqualTo(form);
    assertThat(statement.claims().legacy()).isEqualTo(legacy);
    assertThat(statement.claims().issuer()).startsWith("did:x509:0:sha256:");
  }

  @Test
  void claims_digests_of_statements_without_receipts_are_those_of_their_readme() throws Exception {
    assertThat(statement("scitt-ccf-ledger/manifest.spdx.json.sha384.digest.cose").claimsDigest())
        .asString()
        .startsWith("feed68f1")
        .endsWith("cc90");
    assertThat(statement("scitt-ccf-ledger/cts-hashv-cwtclaims-b64url.cose").claimsDigest())
        .asString()
        .startsWith("a33b22cd")
        .endsWith("014c");
  }

  @Test
  void receipt_of_the_form_before_the_standard_is_unsupported_and_no_offence() throws Exception {
    StatementVerdict verdict =
        check(ReceiptKeys.of(List.of()))
            .check(statement("scitt-ccf-ledger/cts-hashv-cwtclaims-b64url.cose"), List.of());

    assertThat(verdict.receipts())
        .singleElement()
        .isEqualTo(new Unproven("receipt: the form before RFC 9942, an array of 2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"20250617", "20250812", "20250925", "20260302"})
  void attested_services_are_recognised_and_not_believed(String date) throws Exception {
    SignedStatement statement =
        statement("scitt-ccf-ledger/css-attested-cosesign1-" + date + ".cose");

    StatementVerdict verdict = check(ReceiptKeys.of(List.of())).check(statement, List.of());

    assertThat(verdict.signer())
        .isEqualTo(new SignerVerdict.Claimed("attested service (attestation not verified)"));
    assertThat(verdict.outcome()).isEqualTo(Outcome.UNPROVEN);
    assertThat(statement.issuerParts()).singleElement().asString().startsWith("did:attestedsvc:");
  }

  @ParameterizedTest
  @CsvSource({"valid-es256, 2, 8", "valid-eddsa, 2, 8"})
  void accepts_receipts_of_rfc_9162(String name, long index, long size) throws Exception {
    String folder = "scitt-cose/test-vectors/v1/" + name + "/";
    JsonNode expected = JSON.readTree(file(folder + "expected.json"));

    StatementVerdict verdict = scittCose(folder);

    Proven proven = proven(verdict);
    assertThat(proven.position()).isEqualTo(new Leaf(index));
    assertThat(proven.head())
        .isEqualTo(new TreeHead(size, Hash.ofHex(expected.path("reconstructed_root").asText())));
  }

  @Test
  void accepts_a_real_receipt_of_ccf_with_a_detached_file() throws Exception {
    Proven proven = proven(scittCose("scitt-cose/test-vectors/v1/valid-ccf-vds2/"));

    assertThat(proven.position()).isEqualTo(new Transaction(new TxId(2, 18), new TxId(2, 19)));
    assertThat(proven.head().root().toHex()).startsWith("1cb9bf81").endsWith("fb0f");
  }

  @Test
  void refuses_each_failing_vector_for_its_own_reason() throws Exception {
    StatementVerdict signature = scittCose("scitt-cose/test-vectors/v1/fail-bad-statement-sig/");
    StatementVerdict path = scittCose("scitt-cose/test-vectors/v1/fail-tampered-path/");
    StatementVerdict structure = scittCose("scitt-cose/test-vectors/v1/fail-unsupported-vds/");

    assertThat(List.of(signature.outcome(), path.outcome(), structure.outcome()))
        .containsOnly(Outcome.INVALID);
    assertThat(signature.receipts().getFirst()).isInstanceOf(Proven.class);
    assertThat(signature.because())
        .containsExactly("signer: the signature is that of no key given");
    assertThat(path.because())
        .containsExactly("receipt: the signature is not that of its key over the root");
    assertThat(structure.signer()).isInstanceOf(SignerVerdict.Verified.class);
    assertThat(structure.because())
        .containsExactly(
            "inclusion proof: an array of 3 (expected: a map of 1, the leaf, and 2, the path)");
  }

  private static StatementVerdict scittCose(String folder) throws Exception {
    CoseKey issuer = ServiceKeys.pem(file(folder + "issuer-key.pub"));
    ReceiptKeys keys = keys(folder + "log-key.pub");
    return check(keys, issuer)
        .check(statement(folder + "statement.cose"), List.of(file(folder + "receipt.cose")));
  }

  @Test
  void one_statement_in_two_logs_of_different_structures_is_proven_by_either() throws Exception {
    JsonNode shared = JSON.readTree(file("scitt-cose/interop/ccf/shared-vector.json"));
    byte[] own = HexFormat.of().parseHex(shared.at("/statement/bytes_hex").asText());
    byte[] both =
        Base64.getDecoder().decode(shared.at("/direction_flip/statement_bytes_base64").asText());

    Proven alone =
        shared(
            own,
            shared.path("our_receipt"),
            Optional.of(shared.at("/statement/issuer_public_key_pem")));
    Proven flipped = shared(both, shared.at("/direction_flip/our_receipt"), Optional.empty());
    Proven ccf = shared(both, shared.path("ccf_receipt"), Optional.empty());

    assertThat(alone.head().root().toHex())
        .isEqualTo(shared.at("/our_receipt/verify_result/root").asText());
    assertThat(flipped.position()).isEqualTo(new Leaf(151));
    assertThat(flipped.head().root().toHex())
        .isEqualTo(shared.at("/direction_flip/our_receipt/verify_result/root").asText());
    assertThat(ccf.head().root().toHex())
        .isEqualTo(shared.at("/ccf_receipt/verify_result/root").asText());
    assertThat(((Transaction) ccf.position()).signed()).isEqualTo(new TxId(2, 15));
  }

  private static Proven shared(byte[] statement, JsonNode receipt, Optional<JsonNode> issuer)
      throws Exception {
    byte[] hex =
        HexFormat.of()
            .parseHex(
                receipt.has("bytes_hex")
                    ? receipt.path("bytes_hex").asText()
                    : receipt.path("receipt_bytes_hex").asText());
    ReceiptKeys keys = ReceiptKeys.of(ServiceKeys.read(pem(receipt.path("ts_public_key_pem"))));
    CoseKey[] issuers =
        issuer.isEmpty() ? new CoseKey[0] : new CoseKey[] {ServiceKeys.pem(pem(issuer.get()))};
    StatementVerdict verdict =
        check(keys, issuers).check(SignedStatement.parse(statement), List.of(hex));
    return proven(verdict);
  }

  private static byte[] pem(JsonNode text) {
    return text.asText().getBytes(StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(strings = {"inclusion", "consistency"})
  void reads_the_samples_of_the_working_group(String name) throws Exception {
    Receipt receipt = Receipt.parse(file("cose-wg/" + name + "-receipt.cbor"));

    assertThat(receipt.structure()).isEqualTo(Receipt.Structure.RFC9162);
    assertThat(receipt.issuer()).isEqualTo("https://transparency-service.example.com");
    if (name.equals("inclusion")) {
      var proof = (Rfc9162Proof.Inclusion) receipt.inclusions().getFirst();
      assertThat(List.of(proof.size(), proof.index())).containsExactly(5L, 3L);
      assertThat(proof.proof().path()).hasSize(3);
    } else {
      var proof = (Rfc9162Proof.Consistency) receipt.consistencies().getFirst();
      assertThat(List.of(proof.older(), proof.newer())).containsExactly(3L, 5L);
      assertThat(proof.proof().path()).hasSize(4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"older", "middle", "newer"})
  void accepts_three_states_of_one_ledger(String name) throws Exception {
    JsonNode state = JSON.readTree(file("proofbundle/states.json")).path("states").path(name);
    ReceiptKeys keys = keys("proofbundle/scitt-keys.cbor");
    SignedStatement statement = statement("proofbundle/transparent-statement-" + name + ".cose");

    Proven proven = proven(check(keys).check(statement, List.of()));

    assertThat(proven.head())
        .isEqualTo(
            new TreeHead(
                state.path("tree_size").asLong(), Hash.ofHex(state.path("root_hex").asText())));
    assertThat(statement.claimsDigest().toHex())
        .isEqualTo(state.path("claims_digest_hex").asText());
  }

  @Test
  void receipt_beside_that_of_another_statement_neither_helps_nor_harms() throws Exception {
    ReceiptKeys keys = keys("proofbundle/scitt-keys.cbor");
    SignedStatement statement = statement("proofbundle/transparent-statement-older.cose");
    byte[] foreign = file("proofbundle/receipt-newer.cose");

    StatementVerdict beside = check(keys).check(statement, List.of(foreign));
    StatementVerdict instead =
        check(keys).check(SignedStatement.parse(statement.withoutReceipts()), List.of(foreign));

    assertThat(beside.outcome()).isEqualTo(Outcome.PROVEN);
    assertThat(beside.receipts().getLast())
        .isEqualTo(new Invalid("receipt: for another statement"));
    assertThat(instead.outcome()).isEqualTo(Outcome.INVALID);
  }

  @Test
  void consistency_receipt_leads_from_the_older_state_to_the_newer() throws Exception {
    JsonNode states = JSON.readTree(file("proofbundle/states.json"));
    Receipt receipt = Receipt.parse(file("proofbundle/consistency-receipt-19-24.cose"));
    ReceiptCheck check = new ReceiptCheck(keys("proofbundle/scitt-keys.cbor"), LeafForm.DIGEST);

    assertThat(check.continues(head(states, "older"), receipt)).contains(head(states, "newer"));
    assertThat(check.continues(head(states, "middle"), receipt)).isEmpty();
    assertThat(
            new ReceiptCheck(ReceiptKeys.of(List.of()), LeafForm.DIGEST)
                .continues(head(states, "older"), receipt))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "19->24, older, newer, true",
    "22->24, middle, newer, true",
    "19->22, older, middle, true",
    "'deeper_anchor 22->24 (non-canonical, MUST reject per -05)', middle, newer, false",
    "19->24, middle, newer, false",
    "22->24, older, newer, false"
  })
  void consistency_proofs_hold_by_the_one_path_there_is(
      String name, String older, String newer, boolean holds) throws Exception {
    JsonNode states = JSON.readTree(file("proofbundle/states.json"));
    byte[] proof =
        Base64.getDecoder().decode(states.path("consistency_proofs_b64").path(name).asText());

    assertThat(CcfConsistency.parse(proof).holds(head(states, older), head(states, newer)))
        .isEqualTo(holds);
  }

  private static TreeHead head(JsonNode states, String name) {
    JsonNode state = states.path("states").path(name);
    return new TreeHead(
        state.path("tree_size").asLong(), Hash.ofHex(state.path("root_hex").asText()));
  }

  @Test
  void trust_list_inside_a_statement_names_the_key_of_its_own_receipt() throws Exception {
    SignedStatement list = statement("cosesign1go/aci-cc-ttl.ttl.cose");

    byte[] payload = list.message().payload().orElseThrow().toBytes();
    ReceiptKeys keys = ReceiptKeys.of(ReceiptKeys.trustList(payload));

    assertThat(proven(check(keys).check(list, List.of())).issuer())
        .isEqualTo("esrp-cts-dev.confidential-ledger.azure.com");
  }
}
