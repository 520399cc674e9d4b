package dev.sigwarden.entry.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.KeyId;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.json.MalformedJsonException;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;

/// Any bytes are no key, in a few words, or one that is known by its type and value alone, whatever
/// else the object holds and however it is written; one of a kind that is not known is known by the
/// bytes as they stand.
class TufKeysFuzz {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /// DER of an Ed25519 key but its 32 bytes. RFC 8410 section 4.
  private static final String ED25519 = "302a300506032b6570032100";

  @FuzzTest
  void throws_nothing_unchecked(byte[] bytes) throws JsonProcessingException {
    KeySigner signer;
    try {
      signer = TufKeys.read("id", EntryBytes.of(bytes));
    } catch (MalformedSignerException | MalformedJsonException refused) {
      assertThat(refused.getMessage()).isNotBlank().hasSizeLessThan(1000);
      return;
    }
    assertThat(signer.keyIds()).isEqualTo(List.of(new KeyId(KeyId.Scheme.TUF, "id")));
    assertThat(signer.keyType()).hasSizeLessThan(200);
    if (signer.keyType().startsWith("TUF ")) {
      assertThat(signer.keySha256()).isEqualTo(sha256(bytes));
      return;
    }
    JsonNode read;
    try {
      read = MAPPER.readTree(bytes);
    } catch (IOException _) {
      // A name twice, or a text that is no UTF-8.
      return;
    }
    String type = read.path("keytype").asText("");
    String value = read.path("keyval").path("public").asText("");
    ObjectNode bare = MAPPER.createObjectNode();
    bare.putObject("keyval").put("public", value);
    bare.put("keytype", type);
    assertThat(again(bare)).isEqualTo(new KeySigner(signer.keySha256(), signer.keyType()));
    if (type.equals("ed25519") && value.length() == 64) {
      assertThat(signer.keySha256()).isEqualTo(sha256(HexFormat.of().parseHex(ED25519 + value)));
    }
  }

  private static KeySigner again(JsonNode key) throws JsonProcessingException {
    byte[] written =
        MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(key).getBytes(UTF_8);
    try {
      return TufKeys.read(null, EntryBytes.of(written));
    } catch (MalformedSignerException | MalformedJsonException e) {
      throw new AssertionError("read before", e);
    }
  }

  private static Digest sha256(byte[] bytes) {
    return Digest.sha256(bytes, 0, bytes.length);
  }
}
