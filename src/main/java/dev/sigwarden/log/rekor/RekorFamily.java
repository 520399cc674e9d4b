package dev.sigwarden.log.rekor;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.FamilySource;
import dev.sigwarden.log.LogFamily;
import dev.sigwarden.log.LogSource;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.log.LogUnavailableException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// All shards of one Rekor v1 instance, each named by its tree's id.
final class RekorFamily implements LogFamily {
  private final URI base;
  private final RekorApi api;
  private final FamilySource.Trust trust;
  private final boolean timestamps;

  /// @param base ends in a slash
  /// @param timestamps whether entries' signed times are read and verified
  RekorFamily(URI base, boolean timestamps, LogTools tools, FamilySource.Trust trust) {
    this.base = base;
    this.api = new RekorApi(tools.http(), base);
    this.trust = trust;
    this.timestamps = timestamps;
  }

  @Override
  public Keeper keeper() {
    return Keeper.LOG;
  }

  @Override
  public Listing list() throws LogUnavailableException, BadAnswerException {
    return new Listing(
        api.logInfo().shards().stream().map(shard -> member(shard.treeId())).toList());
  }

  private Member member(String treeId) {
    LogSource source =
        tools ->
            new RekorClient(
                new RekorApi(tools.http(), base).ofShard(treeId),
                treeId,
                timestamps ? trust.keys() : List.of(),
                tools.memory());
    return new Member(
        treeId,
        RekorProtocol.NAME,
        trust.origin() + " - " + treeId,
        trust.keys(),
        Instant.MAX,
        source);
  }

  @Override
  public Optional<Member> unlisted(String name) {
    return Optional.of(member(name));
  }

  @Override
  public String address() {
    return api.address("api/v1/log").toString();
  }

  @Override
  public void close() {
    // The HTTP client is shared.
  }
}
