package dev.sigwarden;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// Holds the map of packages.
@AnalyzeClasses(packages = "dev.sigwarden", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule packages_are_free_of_cycles =
      slices().matching("dev.sigwarden.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule merkle_knows_the_jdk_only =
      classes()
          .that()
          .resideInAPackage("dev.sigwarden.merkle..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage("java..", "org.jspecify..", "dev.sigwarden.merkle.."));

  @ArchTest
  static final ArchRule note_knows_the_jdk_and_merkle_only =
      classes()
          .that()
          .resideInAPackage("dev.sigwarden.note..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "java..", "org.jspecify..", "dev.sigwarden.merkle..", "dev.sigwarden.note.."));

  /// `javax` for the names in certificates, which the JDK has no other reader for; Bouncy Castle
  /// for signatures on elliptic curves, a ledger's receipts among them, at a sixth of the JDK's
  /// time.
  @ArchTest
  static final ArchRule cose_knows_the_jdk_and_merkle_only =
      classes()
          .that()
          .resideInAPackage("dev.sigwarden.cose..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "java..",
                  "javax.naming..",
                  "javax.security.auth.x500..",
                  "org.bouncycastle.jce.provider..",
                  "org.jspecify..",
                  "dev.sigwarden.merkle..",
                  "dev.sigwarden.cose.."));

  /// A library of 14 MB, loaded only when a watch asks for look-alikes or names a host outside
  /// ASCII, and when a certificate does.
  @ArchTest
  static final ArchRule icu_stays_in_lookalike =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.sigwarden.lookalike..")
          .should()
          .dependOnClassesThat(resideInAPackage("com.ibm.icu.."));

  @ArchTest
  static final ArchRule verify_does_no_network_or_files =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.sigwarden.verify..",
              "dev.sigwarden.merkle..",
              "dev.sigwarden.note..",
              "dev.sigwarden.cose..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "java.net..", "java.nio.file..", "java.sql..", "dev.sigwarden.log.."));

  /// A repository is asked through `Repository` only, which others implement.
  @ArchTest
  static final ArchRule tuf_knows_the_jdk_json_and_text_only =
      classes()
          .that()
          .resideInAPackage("dev.sigwarden.tuf..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "java..",
                  "org.jspecify..",
                  "com.fasterxml.jackson..",
                  "dev.sigwarden.text..",
                  "dev.sigwarden.tuf.."));

  /// No URL that an entry names is ever asked: decoding has no way to the network or to files.
  @ArchTest
  static final ArchRule decoding_cannot_reach_out =
      noClasses()
          .that()
          .resideInAnyPackage("dev.sigwarden.entry..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("java.net..", "java.nio.file..", "dev.sigwarden.log.."));

  @ArchTest
  static final ArchRule sql_stays_in_store =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.sigwarden.store..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("java.sql..", "javax.sql..", "org.flywaydb.."));

  @ArchTest
  static final ArchRule quartz_stays_in_schedule =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.sigwarden.schedule..")
          .should()
          .dependOnClassesThat(resideInAPackage("org.quartz.."));

  @ArchTest
  static final ArchRule quarkus_stays_at_the_edge =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.sigwarden.cli..", "dev.sigwarden.health..", "dev.sigwarden.api..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.quarkus.runtime..",
                  "io.quarkus.arc..",
                  "jakarta.inject..",
                  "jakarta.enterprise.."));

  /// Who may do what is decided without knowing where it is kept or how it came in.
  @ArchTest
  static final ArchRule access_knows_settings_and_hashes_only =
      classes()
          .that()
          .resideInAPackage("dev.sigwarden.access..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "java..",
                  "javax.net.ssl..",
                  "org.jspecify..",
                  "com.fasterxml.jackson..",
                  "dev.sigwarden.merkle..",
                  "dev.sigwarden.settings..",
                  "dev.sigwarden.access.."));

  @ArchTest
  static final ArchRule protocols_do_not_know_each_other =
      slices()
          .matching("dev.sigwarden.log.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(
              resideInAPackage("dev.sigwarden.log.."),
              resideInAnyPackage("dev.sigwarden.log.http..", "dev.sigwarden.log.tiles.."))
          // An instance speaks both.
          .ignoreDependency(
              resideInAPackage("dev.sigwarden.log.sigstore.."),
              resideInAnyPackage("dev.sigwarden.log.rekor..", "dev.sigwarden.log.rekortiles.."));

  @ArchTest
  static final ArchRule channels_do_not_know_each_other =
      slices().matching("dev.sigwarden.notify.(*)..").should().notDependOnEachOther();

  /// The shared parts of decoding are `x509`, `cms`, `openpgp`, `keys`, `der`, `json` and `rekor`;
  /// the kinds stand beside each other.
  @ArchTest
  static final ArchRule entry_kinds_do_not_know_each_other =
      slices()
          .matching("dev.sigwarden.entry.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(
              resideInAPackage("dev.sigwarden.entry.."),
              resideInAnyPackage(
                  "dev.sigwarden.entry.x509..",
                  "dev.sigwarden.entry.cms..",
                  "dev.sigwarden.entry.openpgp..",
                  "dev.sigwarden.entry.keys..",
                  "dev.sigwarden.entry.der..",
                  "dev.sigwarden.entry.json..",
                  "dev.sigwarden.entry.rekor.."));

  @ArchTest
  static final ArchRule settings_know_no_feature =
      noClasses()
          .that()
          .resideInAPackage("dev.sigwarden.settings..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.sigwarden..")
                  .and(
                      DescribedPredicate.not(
                          resideInAnyPackage("dev.sigwarden.settings..", "dev.sigwarden.text.."))));

  @ArchTest
  static final ArchRule text_knows_the_jdk_only =
      classes()
          .that()
          .resideInAPackage("dev.sigwarden.text..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage("java..", "org.jspecify..", "dev.sigwarden.text.."));
}
