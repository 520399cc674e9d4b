package dev.sigwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.KindSamples;
import dev.sigwarden.entry.keys.KeySamples;
import dev.sigwarden.entry.openpgp.PgpForge;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventJsonTest {
  @Test
  void names_an_openpgp_key_by_fingerprints_and_user_ids_with_what_vouches_for_them() {
    PgpForge sub = PgpForge.key("EC");
    PgpForge key = PgpForge.usual("Acme <sign@acme.example>").userId("CEO\u202e").subkey(sub);
    JsonNode signer = signer(KindSamples.rekord("pgp", key.armored()));
    assertThat(signer.get("keyType").asText()).isEqualTo("Ed25519");
    assertThat(signer.get("keySha256").asText()).isEqualTo(key.keySha256().toHex());
    assertThat(signer.get("keyIds").toString())
        .isEqualTo(
            """
            [{"scheme":"pgp-fingerprint","value":"%s"},{"scheme":"pgp-fingerprint","value":"%s"}]\
            """
                .formatted(key.fingerprint(), sub.fingerprint()));
    assertThat(signer.get("userIds").toString())
        .isEqualTo(
            """
            [{"value":"Acme <sign@acme.example>","proof":"self-signed"},\
            {"value":"CEO\\\\u{202E}","proof":"not self-signed"}]\
            """);
    assertThat(signer.get("userIdCount").asInt()).isEqualTo(2);
  }

  @Test
  void names_other_keys_as_their_tools_do() {
    byte[] line = KeySamples.sshLine("ssh-ed25519").getBytes(StandardCharsets.US_ASCII);
    JsonNode signer = signer(KindSamples.rekord("ssh", line));
    assertThat(signer.at("/keyIds/0/scheme").asText()).isEqualTo("ssh-fingerprint");
    assertThat(signer.at("/keyIds/0/value").asText()).startsWith("SHA256:");
    assertThat(signer.has("userIds")).isFalse();
  }

  private static JsonNode signer(byte[] entry) {
    Decoded decoded = Decoders.found().forFormat("rekor").decode(EntryBytes.of(entry));
    assertThat(decoded).isInstanceOf(Decoded.Event.class);
    ObjectNode node = EventJson.JSON.createObjectNode();
    EventJson.event(node, ((Decoded.Event) decoded).event());
    assertThat(node.get("signers")).hasSize(1);
    return node.at("/signers/0");
  }
}
