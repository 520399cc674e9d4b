package dev.sigwarden.watch;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.SubjectName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// All selectors that are filed under a name of a certificate: a host, an address, a mailbox, a
/// URI. Immutable.
final class NameIndex {
  private final HostIndex hosts = new HostIndex();
  private final Map<String, int[]> addresses = new HashMap<>();
  private final Map<String, int[]> mailboxes = new HashMap<>();
  private final HostIndex mailHosts = new HostIndex();
  private final ValueIndex uris;
  private final int[] ofHosts;

  /// The selectors of which the key is a name; a selector's number is its place in the list.
  ///
  /// @param keys the keys of each selector
  NameIndex(List<List<SelectorKey>> keys) {
    ValueIndex.Builder byUri = new ValueIndex.Builder();
    List<Integer> underHosts = new ArrayList<>();
    for (int number = 0; number < keys.size(); number++) {
      for (SelectorKey key : keys.get(number)) {
        switch (key.criterion().trait()) {
          case DNS, IP, EMAIL -> {
            if (add(key.criterion(), number)) {
              underHosts.add(number);
            }
          }
          case URI -> Index.file(byUri, key, number);
          case SUBJECT, ISSUER, EXTENSION, SUBJECT_DN, USER_ID, KEY_ID, CLAIM, POINTER, TEXT -> {}
        }
      }
    }
    uris = byUri.build();
    ofHosts = underHosts.stream().mapToInt(Integer::intValue).toArray();
  }

  /// Files a selector; returns whether it is under a host.
  private boolean add(Criterion criterion, int selector) {
    boolean mail = criterion.trait() == Criterion.Trait.EMAIL;
    return switch (criterion.pattern()) {
      case HostPattern host -> {
        (mail ? mailHosts : hosts).add(host, selector);
        yield true;
      }
      case ValuePattern.Exact(String form) -> {
        (mail ? mailboxes : addresses)
            .merge(form, new int[] {selector}, (known, one) -> HostIndex.with(known, selector));
        yield false;
      }
      case ValuePattern.Glob _, ValuePattern.Regex _ ->
          throw new IllegalArgumentException("pattern of a name: " + criterion.pattern());
    };
  }

  /// Offers the selectors that the names in the certificate of `signer` are wanted by. Returns how
  /// many labels were looked up or tried: what the matching tests hold down.
  int offer(CertificateSigner certificate, Signer signer, Selection selection) {
    boolean noHosts = hosts.isEmpty() && addresses.isEmpty();
    boolean noMail = mailboxes.isEmpty() && mailHosts.isEmpty();
    if (noHosts && noMail && uris.isEmpty()) {
      return 0;
    }
    HostIndex.Taker taker = selectors -> selection.offer(selectors, signer);
    int steps = 0;
    for (SubjectName name : certificate.allNames()) {
      if (!hosts.isEmpty()) {
        for (String host : NameForms.hosts(name)) {
          steps += hosts.find(host, HostIndex.MAX_TRIED - steps, taker);
        }
      }
      if (!addresses.isEmpty()) {
        for (String address : NameForms.addresses(name)) {
          taker.take(addresses.getOrDefault(address, Selection.NONE));
        }
      }
      if (!noMail) {
        for (String mailbox : NameForms.mailboxes(name)) {
          taker.take(mailboxes.getOrDefault(mailbox, Selection.NONE));
          String host = NameForms.hostOf(mailbox);
          steps += mailHosts.find(host, HostIndex.MAX_TRIED - steps, taker);
        }
      }
      if (!uris.isEmpty()) {
        NameForms.uris(name).forEach(uri -> taker.take(uris.candidates(uri)));
      }
    }
    if (steps > HostIndex.MAX_TRIED) {
      taker.take(ofHosts);
    }
    return steps;
  }
}
