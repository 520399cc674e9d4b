package dev.sigwarden.ledger;

import dev.sigwarden.cose.Cbor;
import dev.sigwarden.cose.CcfConsistency;
import dev.sigwarden.cose.CoseKey;
import dev.sigwarden.cose.Endorsement;
import dev.sigwarden.cose.GrowingConsistency;
import dev.sigwarden.cose.MalformedCoseException;
import dev.sigwarden.cose.RootSignature;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.ledger.LedgerTransaction.Write;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.tuf.JsonObject;
import dev.sigwarden.tuf.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Replays a CCF ledger from its first transaction: each is hashed into the tree, each root that
/// the ledger says was signed has to be the tree's at that place, and its signatures those of the
/// service and of a node that the ledger names. Statements are handed on with the claims digest
/// that the tree holds for them.
///
/// The service's key is followed: a first one comes from the ledger, and whoever replays says
/// whether it is the one expected; another one later has to endorse the one before, which a service
/// does when it opens again, some transactions after its recovery. A key that the ledger names
/// proves nothing until it signs a root, and nodes' keys are those that the ledger names: a node's
/// signature stands for the service's where the service issued the node's certificate. Not
/// thread-safe.
///
/// What stops a replay is a sentence: from there on nothing is proven.
public final class LedgerReplay {
  private static final String SIGNATURES = "public:ccf.internal.signatures";
  private static final String COSE_SIGNATURES = "public:ccf.internal.cose_signatures";
  private static final String NODES = "public:ccf.gov.nodes.info";
  private static final String NODE_CERTIFICATES = "public:ccf.gov.nodes.endorsed_certificates";
  private static final String SERVICE = "public:ccf.gov.service.info";
  private static final String ENDORSEMENT =
      "public:ccf.internal.previous_service_identity_endorsement";
  private static final String ENTRY = "public:scitt.entry";

  /// The tables that a replay reads.
  public static final Set<String> TABLES =
      Set.of(SIGNATURES, COSE_SIGNATURES, NODES, NODE_CERTIFICATES, SERVICE, ENDORSEMENT, ENTRY);

  /// The longest JSON value in bytes: one with two certificates has 10 KiB.
  private static final int MAX_JSON = 1 << 20;

  /// Nodes that are remembered; a service has a few, and some more over the years.
  private static final int MAX_NODES = 10_000;

  /// Changes that are remembered. More of views are counted, elections being common; more of the
  /// service's key, each a disaster, stop the replay.
  private static final int MAX_CHANGES = 1_000;

  /// Hears of statements and signatures.
  public interface Listener {
    /// Transaction `at` registered this statement, whose digest the tree holds. It is proven once a
    /// root behind it is.
    void entry(TxId at, byte[] statement);

    /// Transaction `at` holds a signature over the tree of all transactions before it, and all of
    /// them are proven by it.
    ///
    /// @param byService whether the service itself signed, as it signs receipts
    default void root(TxId at, TreeHead head, boolean byService) {}
  }

  /// Another service key than before.
  ///
  /// @param at the transaction that says so
  /// @param key SHA-256 of the new key's SubjectPublicKeyInfo
  /// @param endorses whether the new key said, then or later, that the one before was its
  ///   predecessor's
  public record KeyChange(TxId at, Hash key, boolean endorses) {}

  /// That the newest tree that was signed continues the first one.
  ///
  /// @param proof holds between the two
  public record Continuity(TreeHead older, TreeHead newer, CcfConsistency proof) {}

  private final LedgerTree tree = new LedgerTree();
  private final Map<String, NodeKey> nodes = new HashMap<>();
  private final List<KeyChange> keyChanges = new ArrayList<>();
  private final List<TxId> viewChanges = new ArrayList<>();
  private final Listener listener;
  private Optional<CoseKey> service = Optional.empty();

  /// The key before `service`.
  private Optional<CoseKey> before = Optional.empty();

  private Optional<CoseKey> signer = Optional.empty();
  private Optional<TxId> last = Optional.empty();
  private Optional<TreeHead> proven = Optional.empty();
  private TreeHead first = TreeHead.empty();
  private Optional<GrowingConsistency> growing = Optional.empty();
  private Optional<Continuity> continuity = Optional.empty();
  private String issuer = "";
  private long entries;
  private long provenEntries;
  private long serviceEntries;
  private long views;
  private long roots;
  private long coseRoots;

  /// A replay that is about to see the first transaction.
  public LedgerReplay(Listener listener) {
    this.listener = listener;
  }

  /// Takes the next transaction; why the replay ends here, or empty if all is well.
  public Optional<String> take(LedgerTransaction transaction) {
    try {
      step(transaction);
      return Optional.empty();
    } catch (MalformedLedgerException e) {
      return Optional.of("transaction %s: %s".formatted(transaction.id(), e.getMessage()));
    } catch (RefusedException e) {
      return Optional.of("transaction %s: %s".formatted(transaction.id(), e.getMessage()));
    } catch (MalformedCoseException e) {
      return Optional.of("transaction %s: %s".formatted(transaction.id(), e.getMessage()));
    }
  }

  private void step(LedgerTransaction transaction)
      throws MalformedLedgerException, RefusedException, MalformedCoseException {
    TxId id = transaction.id();
    if (id.seqno() != tree.size()) {
      throw new MalformedLedgerException(
          "out of order (expected: place %d)".formatted(tree.size()));
    }
    view(id);
    // A root in this transaction is over those before it.
    long covered = entries;
    // What a transaction says of keys counts for its own signatures, as in CCF.
    for (Write write : transaction.writes()) {
      keys(id, write);
    }
    for (Write write : transaction.writes()) {
      if (write.table().equals(ENDORSEMENT)) {
        endorsement(write.value());
      }
    }
    boolean signed = false;
    boolean coseSigned = false;
    boolean certified = false;
    for (Write write : transaction.writes()) {
      switch (write.table()) {
        case SIGNATURES -> {
          certified = nodeSignature(id, write.value());
          signed = true;
        }
        case COSE_SIGNATURES -> {
          coseSignature(id, write.value());
          coseSigned = true;
        }
        case ENTRY -> entry(transaction, write.value());
        default -> {}
      }
    }
    if (signed || coseSigned) {
      roots++;
      provenEntries = covered;
      TreeHead head = new TreeHead(tree.size(), tree.root());
      proven = Optional.of(head);
      continues(head);
      listener.root(id, head, coseSigned);
    }
    if (coseSigned) {
      coseRoots++;
    }
    if (coseSigned || certified) {
      serviceEntries = covered;
      signer = service;
    }
    last = Optional.of(id);
    tree.append(transaction.leaf());
    growing.ifPresent(it -> it.append(transaction.leaf()));
  }

  private void continues(TreeHead head) {
    if (growing.isPresent()) {
      continuity = Optional.of(new Continuity(first, head, growing.get().proof()));
    } else {
      first = head;
      growing = Optional.of(tree.consistency());
    }
  }

  private void view(TxId id) throws MalformedLedgerException {
    long current = last.map(TxId::view).orElse(id.view());
    if (id.view() < current) {
      throw new MalformedLedgerException("view %d behind view %d".formatted(id.view(), current));
    }
    if (id.view() > current) {
      views++;
      if (viewChanges.size() < MAX_CHANGES) {
        viewChanges.add(id);
      }
    }
  }

  private void keys(TxId id, Write write)
      throws RefusedException, MalformedCoseException, MalformedLedgerException {
    switch (write.table()) {
      case NODES -> {
        JsonObject node = JsonObject.parse("node", write.value().toBytes(), MAX_JSON);
        if (node.has("cert")) {
          node(write.key(), node.text("cert").getBytes(StandardCharsets.US_ASCII));
        }
      }
      case NODE_CERTIFICATES -> node(write.key(), write.value().toBytes());
      case SERVICE -> service(id, write.value().toBytes());
      default -> {}
    }
  }

  private void node(Cbor.Bytes id, byte[] pem) throws RefusedException, MalformedLedgerException {
    if (nodes.size() >= MAX_NODES) {
      throw new MalformedLedgerException("over %d nodes".formatted(MAX_NODES));
    }
    nodes.put(new String(id.toBytes(), StandardCharsets.UTF_8), NodeKey.of(pem));
  }

  private void service(TxId id, byte[] json)
      throws RefusedException, MalformedCoseException, MalformedLedgerException {
    JsonObject info = JsonObject.parse("service", json, MAX_JSON);
    CoseKey key = ServiceKeys.pem(info.text("cert").getBytes(StandardCharsets.US_ASCII));
    if (service.isPresent() && !service.get().equals(key)) {
      if (keyChanges.size() == MAX_CHANGES) {
        throw new MalformedLedgerException(
            "over %d changes of the service's key".formatted(MAX_CHANGES));
      }
      keyChanges.add(new KeyChange(id, key.spkiSha256(), false));
      before = service;
    }
    service = Optional.of(key);
  }

  /// What the service's key says of the one before. A first service endorses itself.
  private void endorsement(Cbor.Bytes json) throws RefusedException, MalformedCoseException {
    if (keyChanges.isEmpty() || service.isEmpty()) {
      return;
    }
    JsonObject value = JsonObject.parse("endorsement", json.toBytes(), MAX_JSON);
    Endorsement endorsement = Endorsement.parse(value.base64("endorsement"));
    if (before.equals(Optional.of(endorsement.previous())) && endorsement.isBy(service.get())) {
      KeyChange change = keyChanges.removeLast();
      keyChanges.add(new KeyChange(change.at(), change.key(), true));
    }
  }

  /// Whether the node whose signature it is has its certificate from the service.
  private boolean nodeSignature(TxId id, Cbor.Bytes json)
      throws RefusedException, MalformedLedgerException {
    JsonObject signature = JsonObject.parse("signature", json.toBytes(), MAX_JSON);
    Hash root = tree.root();
    boolean same =
        signature.number("seqno", 1, Long.MAX_VALUE) == id.seqno()
            && signature.number("view", 1, Long.MAX_VALUE) == id.view();
    if (!same) {
      throw new MalformedLedgerException("a signature of another transaction");
    }
    if (!signature.text("root").equals(root.toHex())) {
      throw new MalformedLedgerException(
          "a signature over root %s (expected: %s, of the %d transactions before)"
              .formatted(shown(signature.text("root")), root, tree.size() - 1));
    }
    String name = signature.text("node");
    NodeKey node = nodes.get(name);
    if (node == null) {
      throw new MalformedLedgerException(
          "a signature of node %s, which is unknown".formatted(shown(name)));
    }
    if (!node.signed(root, signature.base64("sig"))) {
      throw new MalformedLedgerException("a signature that is not that of node " + shown(name));
    }
    return service.isPresent() && node.isCertifiedBy(service.get());
  }

  private void coseSignature(TxId id, Cbor.Bytes json)
      throws RefusedException, MalformedCoseException, MalformedLedgerException {
    // The value is a JSON string, which JSON's own reader takes inside an object only.
    String text = new String(json.toBytes(), StandardCharsets.UTF_8);
    byte[] object = "{\"value\":%s}".formatted(text).getBytes(StandardCharsets.UTF_8);
    RootSignature signature =
        RootSignature.parse(JsonObject.parse("signature", object, MAX_JSON).base64("value"));
    if (!signature.signed().equals(id)) {
      throw new MalformedLedgerException(
          "a service's signature of transaction " + signature.signed());
    }
    if (service.isEmpty()) {
      throw new MalformedLedgerException("a service's signature before its certificate");
    }
    Optional<String> problem = signature.problem(service.get(), tree.root());
    if (problem.isPresent()) {
      throw new MalformedLedgerException("the service's signature: " + problem.get());
    }
    issuer = signature.issuer();
  }

  private void entry(LedgerTransaction transaction, Cbor.Bytes value)
      throws MalformedLedgerException {
    byte[] statement = value.toBytes();
    if (!transaction.claims().equals(Optional.of(Hash.ofData(statement)))) {
      throw new MalformedLedgerException(
          "an entry that is not the one that its claims digest is of");
    }
    entries++;
    listener.entry(transaction.id(), statement);
  }

  private static String shown(String text) {
    return Sanitizer.clean(text, 80);
  }

  /// Transactions taken.
  public long transactions() {
    return tree.size() - 1;
  }

  /// Statements among them.
  public long entries() {
    return entries;
  }

  /// Statements that a proven root covers.
  public long provenEntries() {
    return provenEntries;
  }

  /// Roots that were signed and are the tree's.
  public long roots() {
    return roots;
  }

  /// Those among them that the service itself signed, as receipts are.
  public long coseRoots() {
    return coseRoots;
  }

  /// Statements that a root covers which the service signed with the key `signer`, itself or
  /// through a node that it certified.
  public long serviceEntries() {
    return serviceEntries;
  }

  /// The key of the newest root that the service signed, itself or through a node that it
  /// certified; empty if it signed none.
  public Optional<CoseKey> signer() {
    return signer;
  }

  /// The newest tree that was signed; empty if none was.
  public Optional<TreeHead> proven() {
    return proven;
  }

  /// The proof from the first tree that was signed to the newest; empty if not two were.
  public Optional<Continuity> continuity() {
    return continuity;
  }

  /// The service as its signatures name it; empty if it did not sign.
  public String issuer() {
    return issuer;
  }

  /// The service's key now, as the ledger says.
  public Optional<CoseKey> service() {
    return service;
  }

  /// Where the service's key became another one.
  public List<KeyChange> keyChanges() {
    return List.copyOf(keyChanges);
  }

  /// New views, all of them.
  public long views() {
    return views;
  }

  /// Where a new view began: an election, or a recovery if it grew by two; the first thousand.
  public List<TxId> viewChanges() {
    return List.copyOf(viewChanges);
  }
}
