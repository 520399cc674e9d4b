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
  /// @param name its name in addresses
  /// @param keys SHA-256 of the SubjectPublicKeyInfo of its keys so far
  record Known(String member, String name, Set<Hash> keys) {
    Known {
      keys = Set.copyOf(keys);
    }

    String host() {
      return name + DOMAIN;
    }
  }

  static final List<Known> LEDGERS =
      List.of(
          new Known(
              "us",
              "esrp-cts-cp",
              Set.of(
                  Hash.ofHex("a7ad3b7729516ca443fa472a0f2faa4a984ee3da7eafd17f98dcffbac4a6a10f"))),
          new Known(
              "eu",
              "esrp-cts-db",
              Set.of(
                  Hash.ofHex("23d48c280f71abf575c81e89f18a4dc9f3b33d8a3b149b16ad836c8553f95bc0"),
                  Hash.ofHex("da7694f16def5a056ca96afb21e89a9450e4cc875e2de351da76d99544a3e849"))));

  /// Found by `ServiceLoader`.
  public MicrosoftProtocol() {}

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
        LEDGERS.stream().map(known -> member(known, more, patience, folder)).toList();
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
    URI index = URI.create("https://ledger-files-%s/ledger/".formatted(known.host()));
    ScittLedger ledger =
        new ScittLedger(
            URI.create("https://" + known.host() + "/"),
            new LedgerSource.Trust(known.host(), keys),
            new ScittLedger.Api(ScittProtocol.API_VERSION, Optional.empty(), patience),
            Optional.of(new ServicePin.Source.Asked(URI.create(IDENTITIES + known.name()))),
            folder.map(base -> new ScittLedger.Copy(index, base.resolve(known.member()))));
    return new LogFamily.Member(
        known.member(), ScittProtocol.NAME, known.host(), List.of(), Instant.MAX, ledger);
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
