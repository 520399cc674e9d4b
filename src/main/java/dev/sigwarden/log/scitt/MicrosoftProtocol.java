package dev.sigwarden.log.scitt;

import com.google.auto.service.AutoService;
import dev.sigwarden.log.FamilySource;
import dev.sigwarden.log.LedgerSource;
import dev.sigwarden.log.LogFamily;
import dev.sigwarden.log.LogProtocol;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.settings.Section;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The public ledgers of Microsoft's Signing Transparency, which do not overlap: what is in one is
/// not in the other. Their addresses and keys are known here; whoever runs Sigwarden accepts the
/// keys of a later recovery.
@AutoService(LogProtocol.class)
public final class MicrosoftProtocol implements LogProtocol {
  private static final String DOMAIN = ".confidential-ledger.azure.com";
  private static final String IDENTITIES =
      "https://identity.confidential-ledger.core.azure.com/ledgerIdentity/";

  /// One of the ledgers.
  ///
  /// @param member what it is called here
  /// @param issuer the service as its receipts name it
  /// @param base the service's address; ends in a slash
  /// @param keys SHA-256 of the SubjectPublicKeyInfo of its keys so far
  /// @param identity where the identity service tells its certificate
  /// @param files the address of the list of its files; ends in a slash
  public record Known(
      String member, String issuer, URI base, Set<Hash> keys, URI identity, URI files) {
    public Known {
      keys = Set.copyOf(keys);
    }

    /// A ledger of Azure, all of whose addresses follow from its name.
    private static Known azure(String member, String name, String... keys) {
      String host = name + DOMAIN;
      return new Known(
          member,
          host,
          URI.create("https://" + host + "/"),
          Stream.of(keys).map(Hash::ofHex).collect(Collectors.toSet()),
          URI.create(IDENTITIES + name),
          URI.create("https://ledger-files-%s/ledger/".formatted(host)));
    }
  }

  private final List<Known> ledgers;

  /// Found by `ServiceLoader`: the public ledgers.
  public MicrosoftProtocol() {
    this(
        List.of(
            Known.azure(
                "us",
                "esrp-cts-cp",
                "a7ad3b7729516ca443fa472a0f2faa4a984ee3da7eafd17f98dcffbac4a6a10f"),
            Known.azure(
                "eu",
                "esrp-cts-db",
                "23d48c280f71abf575c81e89f18a4dc9f3b33d8a3b149b16ad836c8553f95bc0",
                "da7694f16def5a056ca96afb21e89a9450e4cc875e2de351da76d99544a3e849")));
  }

  /// The same service on other ledgers.
  public MicrosoftProtocol(List<Known> ledgers) {
    this.ledgers = List.copyOf(ledgers);
  }

  @Override
  public String name() {
    return "microsoft-signing-transparency";
  }

  @Override
  public String entryFormat() {
    return "scittstatement";
  }

  @Override
  public FamilySource configure(Section log) {
    Set<Hash> more = ScittProtocol.moreKeys(log);
    Duration patience = ScittProtocol.patience(log);
    Optional<Path> folder =
        log.optionalPath(
            "files-folder",
            "a folder for copies of the ledgers' files, which are replayed and compared with what"
                + " the services say; without it they are not");
    List<LogFamily.Member> members =
        ledgers.stream().map(known -> member(known, more, patience, folder)).toList();
    return new FamilySource() {
      @Override
      public Optional<Trust> trust() {
        return Optional.of(new Trust("", List.of(), ""));
      }

      @Override
      public LogFamily open(LogTools tools, Trust trust) {
        return new KnownLedgers(members);
      }
    };
  }

  private static LogFamily.Member member(
      Known known, Set<Hash> more, Duration patience, Optional<Path> folder) {
    Set<Hash> keys = new HashSet<>();
    Stream.of(known.keys(), more).forEach(keys::addAll);
    ScittLedger ledger =
        new ScittLedger(
            known.base(),
            new LedgerSource.Trust(known.issuer(), keys),
            new ScittLedger.Api(ScittProtocol.API_VERSION, Optional.empty(), patience),
            Optional.of(new ServicePin.Source.Asked(known.identity())),
            folder.map(base -> new ScittLedger.Copy(known.files(), base.resolve(known.member()))));
    return new LogFamily.Member(
        known.member(), ScittProtocol.NAME, known.issuer(), List.of(), Instant.MAX, ledger);
  }

  /// A list that does not change while the program runs.
  private record KnownLedgers(List<LogFamily.Member> members) implements LogFamily {
    @Override
    public Keeper keeper() {
      return Keeper.PEOPLE;
    }

    @Override
    public Listing list() {
      return new Listing(members);
    }

    @Override
    public Optional<Member> unlisted(String name) {
      return Optional.empty();
    }

    @Override
    public String address() {
      return "Microsoft's Signing Transparency";
    }

    @Override
    public void close() {
      // Nothing was opened.
    }
  }
}
