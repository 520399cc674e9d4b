package dev.sigwarden.practice;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.practice.LedgerGovernance.Epoch;
import dev.sigwarden.practice.LedgerGovernance.Status;
import dev.sigwarden.practice.PracticeTransaction.Draft;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A CCF ledger of a transparency service, in memory: real trees, real signatures, receipts, files,
/// and what can become of one: an election, a recovery, another history. Thread-safe.
///
/// A new one has four transactions: its creation, a signature, its opening, a signature.
public final class PracticeLedger {
  /// What a new service takes: statements of anybody, read by anybody.
  public static final String OPEN_TO_ALL =
      """
      {"authentication":{"allowUnauthenticated":true},"policy":{"policyScript":"export function apply(phdr) { return true; }"}}\
      """;

  private static final long NEVER = Long.MAX_VALUE;

  private final String host;
  private final Clock clock;
  private final SecureRandom random;
  private final List<PracticeTransaction> transactions = new ArrayList<>();
  private final List<Epoch> epochs = new ArrayList<>();

  /// Where the key of the epoch of the same place endorsed the one before; `NEVER` if it did not.
  private final List<Long> endorsed = new ArrayList<>();

  private PracticeLedgerTree tree = new PracticeLedgerTree();
  private String configuration = OPEN_TO_ALL;
  private long view = 2;

  /// A ledger that was just opened.
  ///
  /// @param host the service's name, which receipts have as their issuer
  public PracticeLedger(String host, Clock clock, SecureRandom random) {
    this.host = host;
    this.clock = clock;
    this.random = random;
    Draft creation = next();
    begin(Status.OPENING, creation);
    sign();
    Draft opening = next();
    LedgerGovernance.service(opening, epoch(), Status.OPEN, 0);
    LedgerGovernance.endorsement(opening, service(), epoch(), Optional.empty(), clock.instant());
    LedgerGovernance.configuration(opening, configuration);
    add(opening);
    sign();
  }

  private PracticeLedger(PracticeLedger other, long keep) {
    this.host = other.host;
    this.clock = other.clock;
    this.random = other.random;
    this.transactions.addAll(other.transactions.subList(0, (int) keep));
    this.epochs.addAll(other.epochs);
    this.endorsed.addAll(other.endorsed);
    this.tree = new PracticeLedgerTree(other.tree, keep + 1);
    this.configuration = other.configuration;
    forgetEpochsBehind(keep);
    this.view = transactions.getLast().id().view();
  }

  /// Another ledger of the same service, of the same history up to transaction `keep` and of none
  /// behind it.
  public synchronized PracticeLedger fork(long keep) {
    return new PracticeLedger(this, keep);
  }

  /// Forgets what is behind transaction `keep`, as a recovery from an old copy does.
  public synchronized PracticeLedger truncate(long keep) {
    transactions.subList((int) keep, transactions.size()).clear();
    tree = new PracticeLedgerTree(tree, keep + 1);
    forgetEpochsBehind(keep);
    return this;
  }

  private void forgetEpochsBehind(long keep) {
    while (epoch().start().seqno() > keep) {
      epochs.removeLast();
      endorsed.removeLast();
    }
    Epoch last = epochs.removeLast();
    epochs.add(new Epoch(last.service(), last.start(), Optional.empty()));
    endorsed.replaceAll(at -> at <= keep ? at : NEVER);
  }

  /// Registers a statement as it is, whatever it is.
  ///
  /// @param statement with an empty unprotected header, if it is one
  public synchronized PracticeTxId register(byte[] statement) {
    return add(next().statement(statement));
  }

  /// Registers a statement under the claims digest of another.
  public synchronized PracticeTxId register(byte[] statement, byte[] claimed) {
    return add(next().statement(statement).claims(Hash.ofData(claimed)));
  }

  /// A transaction that is none of the service's business.
  public synchronized PracticeTxId other() {
    return add(next().write("public:ccf.gov.proposals", "{}"));
  }

  /// Signs the tree of all transactions so far.
  public synchronized PracticeTxId sign() {
    return sign(0);
  }

  /// The same, and the ledger's file ends here.
  public synchronized PracticeTxId seal() {
    return sign(PracticeTransaction.ENDS_FILE);
  }

  private PracticeTxId sign(int flags) {
    Draft draft = next().flags(flags);
    PracticeTxId id = nextId();
    Hash root = tree.root(tree.size());
    PracticeRoot signed = new PracticeRoot(host, service(), id, root, clock.instant());
    LedgerGovernance.root(draft, service(), id, root, signed);
    return add(draft.root(signed));
  }

  /// Signs by the node alone, as before receipts were COSE.
  public synchronized PracticeTxId signByNode() {
    Draft draft = next();
    LedgerGovernance.nodeRoot(draft, service(), nextId(), tree.root(tree.size()));
    return add(draft);
  }

  /// The next transactions are of a new view, as after an election.
  public synchronized PracticeLedger elect() {
    view++;
    return this;
  }

  /// Begins anew from these transactions with a new key, in a view that is two on; signed, and a
  /// file of its own. The service is not open yet.
  public synchronized PracticeTxId recover() {
    Epoch last = epochs.removeLast();
    epochs.add(new Epoch(last.service(), last.start(), Optional.of(transactions.getLast().id())));
    view += 2;
    Draft draft = next().flags(PracticeTransaction.BEGINS_FILE);
    LedgerGovernance.node(draft, last.service(), true);
    PracticeTxId id = begin(Status.RECOVERING, draft);
    seal();
    return id;
  }

  /// Opens after a recovery; signed.
  ///
  /// @param endorse whether the new key says that the one before was its predecessor's
  public synchronized PracticeTxId open(boolean endorse) {
    Draft draft = next();
    LedgerGovernance.service(draft, epoch(), Status.OPEN, epochs.size() - 1);
    if (endorse) {
      Epoch previous = epochs.get(epochs.size() - 2);
      long end = previous.end().orElseThrow().seqno();
      LedgerGovernance.endorsement(
          draft, service(), previous, Optional.of(tree.root(end)), clock.instant());
      endorsed.set(endorsed.size() - 1, nextId().seqno());
    }
    PracticeTxId id = add(draft);
    sign();
    return id;
  }

  private PracticeTxId begin(Status status, Draft draft) {
    epochs.add(new Epoch(new PracticeService(host, clock, random), nextId(), Optional.empty()));
    endorsed.add(NEVER);
    LedgerGovernance.node(draft, service(), false);
    LedgerGovernance.service(draft, epoch(), status, epochs.size() - 1);
    return add(draft);
  }

  /// The service takes other statements from now on.
  ///
  /// @param json the configuration as a JSON object
  public synchronized PracticeTxId configure(String json) {
    configuration = json;
    Draft draft = next();
    LedgerGovernance.configuration(draft, json);
    return add(draft);
  }

  private PracticeTxId nextId() {
    return new PracticeTxId(view, transactions.size() + 1L);
  }

  private Draft next() {
    return new Draft(nextId());
  }

  private PracticeTxId add(Draft draft) {
    PracticeTransaction transaction = draft.build(random);
    transactions.add(transaction);
    tree.append(transaction.leaf());
    return transaction.id();
  }

  private Epoch epoch() {
    return epochs.getLast();
  }

  /// The service as it is now.
  public synchronized PracticeService service() {
    return epoch().service();
  }

  /// Whose keys the service publishes: its own, and those before as far as each endorsed the one
  /// before it; the newest first.
  public synchronized List<PracticeService> published() {
    List<PracticeService> all = new ArrayList<>();
    for (int i = epochs.size() - 1; i >= 0; i--) {
      all.add(epochs.get(i).service());
      if (endorsed.get(i) == NEVER) {
        break;
      }
    }
    return List.copyOf(all);
  }

  /// The service's name.
  public String host() {
    return host;
  }

  /// What the service takes, as a JSON object.
  public synchronized String configuration() {
    return configuration;
  }

  /// The place of the last transaction.
  public synchronized long size() {
    return transactions.size();
  }

  /// The view of the next transaction.
  public synchronized long view() {
    return view;
  }

  /// The newest transaction that a signature covers: that of the last signature itself.
  public synchronized PracticeTxId committed() {
    return signatureFrom(transactions.size() - 1, -1).orElseThrow().id();
  }

  /// The transaction at that place, if there is one.
  public synchronized Optional<PracticeTransaction> at(long seqno) {
    return seqno >= 1 && seqno <= transactions.size()
        ? Optional.of(transactions.get((int) seqno - 1))
        : Optional.empty();
  }

  /// The receipt for a statement, of the first signature behind it; empty before that.
  public synchronized Optional<byte[]> receipt(long seqno) {
    return at(seqno)
        .flatMap(of ->
            signatureFrom((int) seqno, 1)
                .map(root -> root.receipt(of, tree.path(seqno, root.id().seqno()))));
  }

  /// The statement with its receipt; empty before it has one, and if it is no statement.
  public synchronized Optional<byte[]> transparent(long seqno) {
    Optional<byte[]> statement = at(seqno).flatMap(PracticeTransaction::statement);
    return statement.flatMap(
        of -> receipt(seqno).map(receipt -> PracticeStatement.withReceipts(of, receipt)));
  }

  private Optional<PracticeRoot> signatureFrom(int index, int step) {
    for (int i = index; i >= 0 && i < transactions.size(); i += step) {
      if (transactions.get(i).root().isPresent()) {
        return transactions.get(i).root();
      }
    }
    return Optional.empty();
  }

  /// The ledger's files by name, the last one unfinished unless the ledger ends with `seal`.
  public synchronized SortedMap<String, byte[]> files() {
    return new TreeMap<>(PracticeLedgerFiles.of(transactions));
  }

  /// One file with the transactions `[from, to]`.
  ///
  /// @param finished whether it has its list of positions
  public synchronized byte[] file(long from, long to, boolean finished) {
    return PracticeLedgerFiles.file(transactions.subList((int) from - 1, (int) to), finished);
  }
}
