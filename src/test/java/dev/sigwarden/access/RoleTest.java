package dev.sigwarden.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoleTest {
  @Test
  void each_role_may_do_this_and_nothing_else() {
    Map<Role, Set<Permission>> table =
        Map.of(
            Role.VIEWER, EnumSet.of(Permission.CALL, Permission.READ),
            Role.RESPONDER, EnumSet.of(Permission.CALL, Permission.READ, Permission.RESPOND),
            Role.RELEASE, EnumSet.of(Permission.CALL, Permission.ALLOW),
            Role.ADMIN, EnumSet.allOf(Permission.class));
    for (Role role : Role.values()) {
      for (Permission permission : Permission.values()) {
        assertThat(role.may(permission))
            .as("%s %s", role, permission)
            .isEqualTo(table.get(role).contains(permission));
      }
    }
  }

  @Test
  void release_adds_to_the_lists_of_its_token_only() {
    Caller release = new Caller("token:ci", Role.RELEASE, Set.of("app"));
    assertThat(release.mayAllow("app")).isTrue();
    assertThat(release.mayAllow("other")).isFalse();
    assertThat(new Caller("token:a", Role.ADMIN).mayAllow("other")).isTrue();
    assertThat(new Caller("token:v", Role.VIEWER, Set.of("app")).mayAllow("app")).isFalse();
    assertThat(new Caller("token:r", Role.RESPONDER, Set.of("app")).mayAllow("app")).isFalse();
  }

  @Test
  void token_ends_at_its_time() {
    Instant end = Instant.parse("2026-01-01T00:00:00Z");
    Grant grant = new Grant("a", Role.VIEWER, Set.of(), Instant.EPOCH, "local", Optional.of(end));
    assertThat(grant.isValid(end.minusMillis(1))).isTrue();
    assertThat(grant.isValid(end)).isFalse();
  }
}
