package dev.sigwarden.sim;

import dev.sigwarden.practice.PracticeLedger;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/// A transparency service on a CCF ledger, honest until faults are injected: the service itself on
/// HTTPS of its own identity, and on plain HTTP what the public web has of it, the copy of its
/// files (`/ledger/`) and the identity service (`/ledgerIdentity/NAME`). Faults see every request
/// of both, path and query, in the order of injection.
public final class SimulatedLedger implements AutoCloseable {
  /// The usual name of the service.
  public static final String HOST = "ledger.simulated.example";

  /// The ledger's name at the identity service.
  public static final String NAME = "simulated";

  private final PracticeLedger ledger;
  private final LedgerApi api;
  private final List<LedgerFault> faults = new CopyOnWriteArrayList<>();
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private final RawHttp service;
  private final RawHttp web;

  private SimulatedLedger(PracticeLedger ledger, boolean tls) {
    this.ledger = ledger;
    this.api = new LedgerApi(ledger);
    this.service = tls ? new RawHttp(this::answer, context()) : new RawHttp(this::answer);
    this.web = new RawHttp(this::answer);
  }

  /// A service that was just opened, on TLS.
  public static SimulatedLedger open(Clock clock) {
    return of(new PracticeLedger(HOST, clock, new SecureRandom()));
  }

  /// A service of that ledger, on TLS.
  public static SimulatedLedger of(PracticeLedger ledger) {
    return new SimulatedLedger(ledger, true);
  }

  /// A service of that ledger on plain HTTP, for what TLS would only be in the way of.
  public static SimulatedLedger plain(PracticeLedger ledger) {
    return new SimulatedLedger(ledger, false);
  }

  private Answer answer(Request request) {
    requests.add(request.path());
    Answer answer = honest(request);
    for (LedgerFault fault : faults) {
      answer = fault.apply(request, answer);
    }
    return LedgerFault.files(request.path()) ? LedgerFiles.ranged(request, answer) : answer;
  }

  /// What is answered when nothing is wrong.
  public Answer honest(Request request) {
    String path = request.path();
    if (path.startsWith("/ledger/")) {
      return LedgerFiles.copied(copied(), path, request.headers().getOrDefault("accept", ""));
    }
    if (path.equals("/ledgerIdentity/" + NAME)) {
      String body =
          "{\"ledgerTlsCertificate\":\"%s\",\"ledgerId\":\"%s\"}"
              .formatted(ledger.service().certificatePem().replace("\n", "\\n"), NAME);
      return Answer.ok(body.getBytes(StandardCharsets.UTF_8))
          .with("Content-Type", "application/json; charset=utf-8");
    }
    return api.answer(request);
  }

  /// The files of the public copy: the finished ones.
  public SortedMap<String, byte[]> copied() {
    SortedMap<String, byte[]> files = new TreeMap<>(ledger.files());
    files.keySet().removeIf(name -> !name.endsWith(".committed"));
    return files;
  }

  /// The service's address, without a slash at the end.
  public URI url() {
    return service.url();
  }

  /// The address of the copy of its files, with a slash at the end.
  public URI filesUrl() {
    return web.url().resolve("/ledger/");
  }

  /// Where the identity service has its certificate.
  public URI identityUrl() {
    return web.url().resolve("/ledgerIdentity/" + NAME);
  }

  /// What is served unless a fault says otherwise.
  public PracticeLedger ledger() {
    return ledger;
  }

  /// How the service answers.
  public LedgerApi api() {
    return api;
  }

  /// Switches a fault on, behind those that are on.
  public SimulatedLedger inject(LedgerFault fault) {
    faults.add(fault);
    return this;
  }

  /// Switches all faults off.
  public SimulatedLedger heal() {
    faults.clear();
    return this;
  }

  /// Stops listening: clients are refused.
  public void down() {
    service.down();
  }

  /// Listens again.
  public void up() {
    service.up();
  }

  /// How many requests for such paths, with their queries, were received.
  public long requests(Predicate<String> paths) {
    return requests.stream().filter(paths).count();
  }

  private SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {new NodeIdentity()}, null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every platform has TLS", e);
    }
  }

  /// Shows the certificate of the ledger's node as it is at the time, alone, as CCF does.
  private final class NodeIdentity extends X509ExtendedKeyManager {
    private static final String ALIAS = "node";

    @Override
    public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
      return alias(type);
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return alias(type);
    }

    @SuppressWarnings("NullAway") // the JDK's way to say none
    private static String alias(String type) {
      return type.startsWith("EC") ? ALIAS : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {ledger.service().nodeCertificate()};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return ledger.service().nodeKey();
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return new String[0];
    }

    @Override
    @SuppressWarnings("NullAway") // the JDK's way to say none
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return null;
    }
  }

  @Override
  public void close() {
    service.close();
    web.close();
  }
}
