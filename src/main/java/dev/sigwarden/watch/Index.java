package dev.sigwarden.watch;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.KeyId;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.PgpSigner;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.entry.StatementSigner;
import dev.sigwarden.entry.SubjectName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// All selectors, each filed under its key: an event asks each index once per value that it
/// carries, and only selectors found there are looked at. Immutable.
///
/// What an event costs is therefore its own text read once, plus the selectors whose key it
/// carries.
final class Index {
  private final List<Selector> selectors;
  private final Map<Digest, int[]> keys;
  private final Map<Digest, int[]> certificates;
  private final ValueIndex subjects;
  private final ValueIndex issuers;
  private final Map<String, ValueIndex> extensions;
  private final Map<String, ValueIndex> pointers;
  private final ValueIndex texts;
  private final ValueIndex subjectDns;
  private final ValueIndex userIds;
  private final Map<String, ValueIndex> keyIds;
  private final NameIndex names;
  private final Map<String, ValueIndex> claims;
  private final Set<String> allPointers;
  private final List<Integer> residual;

  /// An index of these selectors; a selector's number is its place in the list.
  Index(List<Selector> selectors) {
    this.selectors = List.copyOf(selectors);
    Map<Digest, List<Integer>> byKey = new HashMap<>();
    Map<Digest, List<Integer>> byCertificate = new HashMap<>();
    ValueIndex.Builder bySubject = new ValueIndex.Builder();
    ValueIndex.Builder byIssuer = new ValueIndex.Builder();
    ValueIndex.Builder byText = new ValueIndex.Builder();
    Map<String, ValueIndex.Builder> byExtension = new HashMap<>();
    Map<String, ValueIndex.Builder> byPointer = new HashMap<>();
    Map<String, ValueIndex.Builder> byKeyId = new HashMap<>();
    Map<String, ValueIndex.Builder> byClaim = new HashMap<>();
    ValueIndex.Builder bySubjectDn = new ValueIndex.Builder();
    ValueIndex.Builder byUserId = new ValueIndex.Builder();
    List<Integer> tried = new ArrayList<>();
    List<List<SelectorKey>> chosen = SelectorKey.choose(selectors);
    for (int number = 0; number < selectors.size(); number++) {
      Selector selector = selectors.get(number);
      if (selector.certificate().isPresent()) {
        file(byCertificate, selector.certificate().get(), number);
      } else if (!selector.keys().isEmpty()) {
        for (Digest key : selector.keys()) {
          file(byKey, key, number);
        }
      }
      for (SelectorKey key : chosen.get(number)) {
        if (key.isResidual()) {
          tried.add(number);
        }
        if (key.criterion().trait().isName()) {
          continue;
        }
        String parameter = key.criterion().parameter();
        ValueIndex.Builder index =
            switch (key.criterion().trait()) {
              case SUBJECT -> bySubject;
              case ISSUER -> byIssuer;
              case TEXT -> byText;
              case SUBJECT_DN -> bySubjectDn;
              case DNS, IP, EMAIL, URI -> throw new IllegalStateException("names are NameIndex's");
              case USER_ID -> byUserId;
              case KEY_ID -> byKeyId.computeIfAbsent(parameter, _ -> new ValueIndex.Builder());
              case CLAIM -> byClaim.computeIfAbsent(parameter, _ -> new ValueIndex.Builder());
              case EXTENSION ->
                  byExtension.computeIfAbsent(parameter, _ -> new ValueIndex.Builder());
              case POINTER -> byPointer.computeIfAbsent(parameter, _ -> new ValueIndex.Builder());
            };
        file(index, key, number);
      }
    }
    keys = ints(byKey);
    certificates = ints(byCertificate);
    subjects = bySubject.build();
    issuers = byIssuer.build();
    texts = byText.build();
    subjectDns = bySubjectDn.build();
    userIds = byUserId.build();
    keyIds = built(byKeyId);
    claims = built(byClaim);
    extensions = built(byExtension);
    pointers = built(byPointer);
    names = new NameIndex(chosen);
    residual = List.copyOf(tried);
    allPointers = pointersOf(selectors);
  }

  private static Set<String> pointersOf(List<Selector> selectors) {
    return selectors.stream()
        .flatMap(selector -> selector.criteria().stream())
        .filter(criterion -> criterion.trait() == Criterion.Trait.POINTER)
        .map(Criterion::parameter)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static void file(Map<Digest, List<Integer>> index, Digest digest, int selector) {
    index.computeIfAbsent(digest, _ -> new ArrayList<>()).add(selector);
  }

  static void file(ValueIndex.Builder index, SelectorKey key, int selector) {
    if (key.isResidual()) {
      index.residual(selector);
    }
    boolean text = key.criterion().trait() == Criterion.Trait.TEXT;
    for (String value : new TreeSet<>(key.values())) {
      if (key.exact()) {
        index.exact(value, selector);
      } else {
        index.literal(text ? Literals.bytes(value) : value, selector);
      }
    }
  }

  private static Map<Digest, int[]> ints(Map<Digest, List<Integer>> index) {
    return index.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                Map.Entry::getKey,
                filed -> filed.getValue().stream().mapToInt(Integer::intValue).toArray()));
  }

  private static Map<String, ValueIndex> built(Map<String, ValueIndex.Builder> builders) {
    return builders.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(Map.Entry::getKey, builder -> builder.getValue().build()));
  }

  /// The selector of that number.
  Selector selector(int number) {
    return selectors.get(number);
  }

  /// The numbers of selectors that are tried on every entry, because nothing in them can be looked
  /// up.
  List<Integer> residual() {
    return residual;
  }

  /// The entry as selectors ask for it.
  RawEntry raw(EntryBytes entry) {
    return new RawEntry(entry, allPointers);
  }

  /// Offers each selector that may select the event to `selection`.
  void offer(SigningEvent event, Selection selection) {
    for (Signer signer : event.signers()) {
      switch (signer) {
        case CertificateSigner certificate -> {
          offerKey(signer, selection);
          offer(certificate, signer, selection);
          offerIssuers(certificate, selection);
        }
        case KeySigner _ -> {
          offerKey(signer, selection);
          offerKeyIds(signer, selection);
        }
        case PgpSigner pgp -> offer(pgp, selection);
        case StatementSigner statement -> {
          offerKey(signer, selection);
          offer(statement, selection);
        }
      }
    }
    if (!texts.isEmpty()) {
      selection.offerForEntry(texts.candidates(event.entry()));
    }
    if (!pointers.isEmpty()) {
      for (Map.Entry<String, List<String>> values : selection.entry().all().entrySet()) {
        ValueIndex index = pointers.get(values.getKey());
        if (index != null) {
          values.getValue().forEach(value -> selection.offerForEntry(index.candidates(value)));
        }
      }
    }
  }

  /// A certificate's key is hashed only if some selector asks for a key.
  private void offerKey(Signer signer, Selection selection) {
    if (!keys.isEmpty()) {
      offerKey(signer.keySha256(), signer, selection);
    }
  }

  private void offerKey(Digest key, Signer signer, Selection selection) {
    selection.offer(keys.getOrDefault(key, Selection.NONE), signer);
  }

  private void offerKeyIds(Signer signer, Selection selection) {
    if (!keyIds.isEmpty()) {
      for (KeyId id : signer.keyIds()) {
        ValueIndex index = keyIds.get(id.scheme().label());
        if (index != null) {
          selection.offer(index.candidates(id.value()), signer);
        }
      }
    }
  }

  private void offer(PgpSigner signer, Selection selection) {
    signer.keys().forEach(key -> offerKey(key.keySha256(), signer, selection));
    offerKeyIds(signer, selection);
    if (!userIds.isEmpty()) {
      for (String name : signer.userIds()) {
        selection.offer(userIds.candidates(name), signer);
      }
    }
  }

  private void offer(StatementSigner signer, Selection selection) {
    signer.certificate().ifPresent(certificate -> offer(certificate, signer, selection));
    if (!issuers.isEmpty() && !signer.issuer().isEmpty()) {
      selection.offer(issuers.candidates(signer.issuer()), signer);
    }
    if (!claims.isEmpty()) {
      for (StatementSigner.Claim claim : StatementSigner.Claim.values()) {
        ValueIndex index = claims.get(claim.label());
        if (index != null) {
          signer.values(claim).forEach(value -> selection.offer(index.candidates(value), signer));
        }
      }
    }
  }

  /// Offers what the certificate says of `signer`, who has it.
  private void offer(CertificateSigner certificate, Signer signer, Selection selection) {
    names.offer(certificate, signer, selection);
    if (!certificates.isEmpty()) {
      selection.offer(
          certificates.getOrDefault(certificate.certificateSha256(), Selection.NONE), signer);
    }
    if (!subjects.isEmpty()) {
      for (SubjectName name : certificate.subjects()) {
        selection.offer(subjects.candidates(name.value()), signer, name.value());
      }
    }
    if (!subjectDns.isEmpty()) {
      String name = certificate.subjectDn();
      if (!name.isEmpty()) {
        selection.offer(subjectDns.candidates(name), signer);
      }
    }
    if (!extensions.isEmpty()) {
      for (Map.Entry<String, String> extension : certificate.extensions().entrySet()) {
        ValueIndex index = extensions.get(extension.getKey());
        if (index != null) {
          selection.offer(index.candidates(extension.getValue()), signer);
        }
      }
    }
  }

  private void offerIssuers(CertificateSigner signer, Selection selection) {
    if (!issuers.isEmpty()) {
      if (!signer.issuer().isEmpty()) {
        selection.offer(issuers.candidates(signer.issuer()), signer);
      }
      String older = signer.extensions().get(Selector.ISSUER_V1);
      if (older != null && !older.isEmpty() && !older.equals(signer.issuer())) {
        selection.offer(issuers.candidates(older), signer);
      }
    }
  }
}
