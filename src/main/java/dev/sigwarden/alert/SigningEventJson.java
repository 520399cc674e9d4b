package dev.sigwarden.alert;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.trust.CertificateTrust;
import java.util.List;

/// The JSON form of a signing event: who claims to have signed what, in the words of alerts.
///
/// ```json
/// {"signers": [{"identity": "…", "issuer": "…"}], "what": {"digest": "sha256:…"},
///  "fromLog": ["signers.identity", "signers.issuer"]}
/// ```
public final class SigningEventJson {
  private static final CertificateTrust UNSAID =
      new CertificateTrust.NotChecked("this repeats what the entry says");

  private SigningEventJson() {}

  /// Adds the keys `signers`, `what` and `fromLog`; of many signers the first ones.
  public static void addTo(ObjectNode json, SigningEvent event) {
    ArrayNode fromLog = json.arrayNode();
    ArrayNode signers = json.putArray("signers");
    List<Signer> shown =
        event.signers().subList(0, Math.min(event.signers().size(), Sanitizer.MAX_ITEMS));
    for (Signer signer : shown) {
      Fields who = new Fields();
      SignerFields.who(who, signer, UNSAID);
      ObjectNode holder = json.objectNode();
      AlertJson.putFields(holder, "signers", who.list(), fromLog);
      signers.add(holder.get("signers"));
    }
    if (event.signers().size() > shown.size()) {
      json.put("moreSigners", event.signers().size() - shown.size());
    }
    AlertJson.putFields(json, "what", Alerts.what(event), fromLog);
    ArrayNode once = json.putArray("fromLog");
    fromLog.valueStream().distinct().forEach(once::add);
  }
}
