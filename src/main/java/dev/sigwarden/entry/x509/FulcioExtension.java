package dev.sigwarden.entry.x509;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The certificate extensions that Fulcio defines under 1.3.6.1.4.1.57264.1: what the OIDC token
/// said of the signer. Source: Fulcio `docs/oid-info.md`. (1.7 is a kind of SubjectAltName and no
/// extension.)
public enum FulcioExtension {
  ISSUER_V1(1, "issuer-v1", Encoding.RAW),
  GITHUB_WORKFLOW_TRIGGER(2, "github-workflow-trigger", Encoding.RAW),
  GITHUB_WORKFLOW_SHA(3, "github-workflow-sha", Encoding.RAW),
  GITHUB_WORKFLOW_NAME(4, "github-workflow-name", Encoding.RAW),
  GITHUB_WORKFLOW_REPOSITORY(5, "github-workflow-repository", Encoding.RAW),
  GITHUB_WORKFLOW_REF(6, "github-workflow-ref", Encoding.RAW),
  ISSUER_V2(8, "issuer-v2", Encoding.DER),
  BUILD_SIGNER_URI(9, "build-signer-uri", Encoding.DER),
  BUILD_SIGNER_DIGEST(10, "build-signer-digest", Encoding.DER),
  RUNNER_ENVIRONMENT(11, "runner-environment", Encoding.DER),
  SOURCE_REPOSITORY_URI(12, "source-repository-uri", Encoding.DER),
  SOURCE_REPOSITORY_DIGEST(13, "source-repository-digest", Encoding.DER),
  SOURCE_REPOSITORY_REF(14, "source-repository-ref", Encoding.DER),
  SOURCE_REPOSITORY_IDENTIFIER(15, "source-repository-identifier", Encoding.DER),
  SOURCE_REPOSITORY_OWNER_URI(16, "source-repository-owner-uri", Encoding.DER),
  SOURCE_REPOSITORY_OWNER_IDENTIFIER(17, "source-repository-owner-identifier", Encoding.DER),
  BUILD_CONFIG_URI(18, "build-config-uri", Encoding.DER),
  BUILD_CONFIG_DIGEST(19, "build-config-digest", Encoding.DER),
  BUILD_TRIGGER(20, "build-trigger", Encoding.DER),
  RUN_INVOCATION_URI(21, "run-invocation-uri", Encoding.DER),
  SOURCE_REPOSITORY_VISIBILITY_AT_SIGNING(
      22, "source-repository-visibility-at-signing", Encoding.DER),
  DEPLOYMENT_ENVIRONMENT(23, "deployment-environment", Encoding.DER),
  TOKEN_SUBJECT(24, "token-subject", Encoding.DER);

  /// The arc that Fulcio's extensions hang from, dotted.
  public static final String ARC = "1.3.6.1.4.1.57264.1";

  /// How the text lies in the extension's value.
  public enum Encoding {
    /// The value's bytes are the text in UTF-8.
    RAW,
    /// The value is one DER UTF8String.
    DER
  }

  private static final Map<String, FulcioExtension> BY_NAME = new HashMap<>();
  private static final @Nullable FulcioExtension[] BY_ARC = new @Nullable FulcioExtension[25];

  static {
    for (FulcioExtension extension : values()) {
      BY_NAME.put(extension.configName, extension);
      BY_ARC[extension.arc] = extension;
    }
  }

  private final int arc;
  private final String oid;
  private final String configName;
  private final Encoding encoding;

  FulcioExtension(int arc, String configName, Encoding encoding) {
    this.arc = arc;
    this.oid = "1.3.6.1.4.1.57264.1." + arc;
    this.configName = configName;
    this.encoding = encoding;
  }

  /// The extension with this configuration name (`runner-environment`), if there is one.
  public static Optional<FulcioExtension> named(String configName) {
    return Optional.ofNullable(BY_NAME.get(configName));
  }

  /// The extension with this last arc (11 for `runner-environment`), null if Fulcio defines none.
  static @Nullable FulcioExtension ofArc(long arc) {
    return arc >= 0 && arc < BY_ARC.length ? BY_ARC[(int) arc] : null;
  }

  /// The dotted OID: the key in `CertificateSigner.extensions()`.
  public String oid() {
    return oid;
  }

  /// The name used in configuration and alerts, in kebab case.
  public String configName() {
    return configName;
  }

  /// How the text lies in the extension's value.
  public Encoding encoding() {
    return encoding;
  }
}
