package dev.sigwarden.log.rekor;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.FamilySource;
import dev.sigwarden.log.LogFamily;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.log.LogUnavailableException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/// All shards of one Rekor v1 instance, each named by its tree's id.
final class RekorFamily implements LogFamily {
  private final RekorApi api;
  private final FamilySource.Trust trust;
  private final boolean timestamps;

  /// @param base ends in a slash
  /// @param timestamps whether entries' signed times are read and verified
  RekorFamily(URI base, boolean timestamps, LogTools tools, FamilySource.Trust trust) {
    this.api = new RekorApi(tools.http(), base);
    this.trust = trust;
    this.timestamps = timestamps;
  }

  @Override
  public Keeper keeper() {
    return Keeper.LOG;
  }

  @Override
  public List<Member> members() throws LogUnavailableException, BadAnswerException {
    List<Member> members = new ArrayList<>();
    for (LogInfo.Shard shard : api.logInfo().shards()) {
      String treeId = shard.treeId();
      members.add(
          new Member(
              treeId,
              trust.origin() + " - " + treeId,
              trust.keys(),
              tools ->
                  new RekorClient(
                      api.ofShard(treeId),
                      treeId,
                      timestamps ? trust.keys() : List.of(),
                      tools.memory())));
    }
    return members;
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
