package dev.sigwarden.practice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.practice.PracticeTransaction.Draft;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/// What a practice ledger writes of itself: who its service and its nodes are, which key came
/// before, and what its service takes. Tables and values are those of a ledger of Microsoft's.
final class LedgerGovernance {
  private static final JsonMapper JSON = new JsonMapper();

  private static final int ALG = 1;
  private static final int ES384 = -35;
  private static final int CWT_CLAIMS = 15;
  private static final int IAT = 6;

  private LedgerGovernance() {}

  /// How far a service has come.
  enum Status {
    OPENING("Opening"),
    RECOVERING("Recovering"),
    OPEN("Open");

    private final String word;

    Status(String word) {
      this.word = word;
    }
  }

  /// A service key and the transactions that it stood for.
  ///
  /// @param start the first one
  /// @param end the last one that it signed; empty while it stands
  record Epoch(PracticeService service, PracticeTxId start, Optional<PracticeTxId> end) {}

  /// The service's certificate and state.
  static void service(Draft to, Epoch epoch, Status status, int recoveries) {
    ObjectNode info = JSON.createObjectNode();
    info.put("cert", epoch.service().certificatePem());
    info.put("current_service_create_txid", epoch.start().toString());
    info.put("recovery_count", recoveries);
    info.putObject("service_data");
    info.put("status", status.word);
    to.write("public:ccf.gov.service.info", json(info));
  }

  /// The service's node.
  static void node(Draft to, PracticeService service, boolean retired) {
    ObjectNode info = JSON.createObjectNode();
    info.put("code_digest", "0".repeat(2 * Hash.LENGTH));
    info.put("public_key", service.nodeKeyPem());
    info.put("status", retired ? "Retired" : "Trusted");
    byte[] key = service.node().getBytes(StandardCharsets.US_ASCII);
    to.write("public:ccf.gov.nodes.info", key, json(info).getBytes(StandardCharsets.UTF_8));
    if (!retired) {
      byte[] pem = service.nodeCertificatePem().getBytes(StandardCharsets.US_ASCII);
      to.write("public:ccf.gov.nodes.endorsed_certificates", key, pem);
    }
  }

  /// What the service takes and whom it lets read.
  static void configuration(Draft to, String json) {
    to.write("public:ccf.gov.scitt.configuration", json);
  }

  /// A service key's word for the one before, or for itself if it is the first.
  ///
  /// @param by whose word it is
  /// @param previous the key that it is for
  /// @param lastRoot the root that the previous one signed last
  static void endorsement(
      Draft to, PracticeService by, Epoch previous, Optional<Hash> lastRoot, Instant now) {
    PracticeCbor epoch = new PracticeCbor().map(previous.end().isPresent() ? 3 : 1);
    epoch.text("epoch.start.txid").text(previous.start().toString());
    ObjectNode value = JSON.createObjectNode();
    value.put("endorsement_epoch_begin", previous.start().toString());
    previous
        .end()
        .ifPresent(end -> {
          epoch.text("epoch.end.txid").text(end.toString());
          epoch.text("epoch.end.merkle.root").bytes(lastRoot.orElseThrow().toBytes());
          value.put("endorsement_epoch_end", end.toString());
        });
    byte[] header =
        new PracticeCbor()
            .map(3)
            .integer(ALG)
            .integer(ES384)
            .integer(CWT_CLAIMS)
            .map(1)
            .integer(IAT)
            .integer(now.getEpochSecond())
            .text("ccf.v1")
            .encoded(epoch.toBytes())
            .toBytes();
    value.put("endorsement", base64(by.message(header, previous.service().spki())));
    value.put("endorsing_key", base64(by.spki()));
    to.write("public:ccf.internal.previous_service_identity_endorsement", json(value));
  }

  /// A node's signature over the tree, and the service's.
  static void root(
      Draft to, PracticeService service, PracticeTxId id, Hash root, PracticeRoot signed) {
    nodeRoot(to, service, id, root);
    to.write("public:ccf.internal.cose_signatures", "\"" + base64(signed.alone()) + "\"");
  }

  /// A node's signature over the tree alone, as ledgers had before receipts were COSE.
  static void nodeRoot(Draft to, PracticeService service, PracticeTxId id, Hash root) {
    ObjectNode value = JSON.createObjectNode();
    value.put("cert", service.nodeCertificatePem());
    value.put("node", service.node());
    value.put("root", root.toHex());
    value.put("seqno", id.seqno());
    value.put("sig", base64(service.nodeSignature(root)));
    value.put("view", id.view());
    to.write("public:ccf.internal.signatures", json(value));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static String json(ObjectNode value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new AssertionError("an object of our own making", e);
    }
  }
}
