package dev.sigwarden.sim;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/// A real broker of one node, in a process of its own, that can go away and come back at the same
/// address with what it holds, and that takes clients with TLS and a password (SCRAM or PLAIN)
/// beside those without.
public final class KafkaBroker implements AutoCloseable {
  /// The account that TLS clients need.
  public static final String USER = "sigwarden";

  /// Its password.
  public static final String PASSWORD = "correct horse \"battery\" \\staple";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final int plainPort = freePort();
  private final int tlsPort = freePort();
  private final int controllerPort = freePort();
  private final Map<String, String> settings = new HashMap<>();
  private Optional<Process> server = Optional.empty();

  /// A broker that runs.
  ///
  /// @param folder where it keeps its data
  /// @param tlsPem its key and certificate in PEM; empty for no TLS
  public KafkaBroker(Path folder, String tlsPem) {
    this.folder = folder;
    String tls = tlsPem.isEmpty() ? "" : ",SASL_SSL://127.0.0.1:" + tlsPort;
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "1");
    settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("inter.broker.listener.name", "PLAINTEXT");
    settings.put(
        "listener.security.protocol.map",
        "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL");
    String listeners = "PLAINTEXT://127.0.0.1:" + plainPort + tls;
    settings.put("listeners", listeners + ",CONTROLLER://127.0.0.1:" + controllerPort);
    // Clients with TLS are to check a name.
    settings.put(
        "advertised.listeners", listeners.replace("127.0.0.1:" + tlsPort, "localhost:" + tlsPort));
    settings.put("log.dirs", folder.resolve("data").toString());
    settings.put("auto.create.topics.enable", "true");
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "1");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("transaction.state.log.num.partitions", "1");
    if (!tlsPem.isEmpty()) {
      settings.put("sasl.enabled.mechanisms", "SCRAM-SHA-512,SCRAM-SHA-256,PLAIN");
      for (String scram : List.of("scram-sha-512", "scram-sha-256")) {
        settings.put(
            "listener.name.sasl_ssl." + scram + ".sasl.jaas.config",
            "org.apache.kafka.common.security.scram.ScramLoginModule required;");
      }
      settings.put("listener.name.sasl_ssl.plain.sasl.jaas.config", plainLogin());
      settings.put("ssl.keystore.type", "PEM");
      settings.put("ssl.keystore.location", write("broker.pem", tlsPem).toString());
    }
    format();
    Runtime.getRuntime().addShutdownHook(new Thread(this::down));
    up();
    if (!tlsPem.isEmpty()) {
      setPassword(PASSWORD);
    }
  }

  /// The account as a broker that is asked by PLAIN knows it: quoted for JAAS, and once more for
  /// the file of properties.
  private static String plainLogin() {
    String quoted = PASSWORD.replace("\\", "\\\\").replace("\"", "\\\"");
    return "org.apache.kafka.common.security.plain.PlainLoginModule required user_%s=\"%s\";"
        .formatted(USER, quoted)
        .replace("\\", "\\\\");
  }

  /// Gives the account another password by SCRAM; connections that are open stay.
  public void setPassword(String password) {
    // An account can be changed once in one request.
    for (ScramMechanism mechanism :
        List.of(ScramMechanism.SCRAM_SHA_512, ScramMechanism.SCRAM_SHA_256)) {
      ScramCredentialInfo form = new ScramCredentialInfo(mechanism, 4096);
      ask(
          "adding account " + USER,
          admin ->
              admin
                  .alterUserScramCredentials(
                      List.of(new UserScramCredentialUpsertion(USER, form, password)))
                  .all());
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path write(String name, String content) {
    try {
      Files.createDirectories(folder);
      return Files.writeString(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void format() {
    StringBuilder file = new StringBuilder();
    settings.forEach((key, value) -> file.append(key + "=" + value + "\n"));
    write("server.properties", file.toString());
    Process tool =
        java(
            "kafka.tools.StorageTool",
            "format",
            "--config",
            folder.resolve("server.properties").toString(),
            "--cluster-id",
            Uuid.randomUuid().toString());
    int exit = end(tool);
    if (exit != 0) {
      throw new IllegalStateException("formatting ended with " + exit + ", see " + folder);
    }
  }

  private Process java(String main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main));
    command.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("out.txt").toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int end(Process process) {
    try {
      if (!process.waitFor(PATIENCE)) {
        process.destroyForcibly().waitFor();
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// Starts it unless it runs, and waits until it answers.
  public void up() {
    if (server.isPresent()) {
      return;
    }
    server = Optional.of(java("kafka.Kafka", folder.resolve("server.properties").toString()));
    await("broker").atMost(PATIENCE).ignoreExceptions().until(() -> !topics().contains(""));
  }

  /// Kills it; its data stays.
  public void down() {
    server.ifPresent(running -> {
      running.destroyForcibly();
      end(running);
    });
    server = Optional.empty();
  }

  /// Where clients without TLS ask.
  public String plain() {
    return "127.0.0.1:" + plainPort;
  }

  /// Where clients with TLS ask, by a name.
  public String tls() {
    return "localhost:" + tlsPort;
  }

  /// Makes a topic of one partition.
  public void create(String topic) {
    create(topic, 1);
  }

  /// Makes a topic.
  public void create(String topic, int partitions) {
    ask(
        "creating topic " + topic,
        admin ->
            admin
                .createTopics(
                    List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
                .all());
  }

  /// Deletes a topic with all that it holds.
  public void delete(String topic) {
    ask("deleting topic " + topic, admin -> admin.deleteTopics(List.of(topic)).all());
    await("end of " + topic).atMost(PATIENCE).until(() -> !topics().contains(topic));
  }

  /// Deletes all records of a topic.
  public void truncate(String topic) {
    ask(
        "emptying topic " + topic,
        admin ->
            admin
                .deleteRecords(
                    Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(-1)))
                .all());
  }

  private void ask(String doing, Function<Admin, KafkaFuture<Void>> question) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", plain()))) {
      question.apply(admin).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(doing, e);
    }
  }

  /// Writes a record.
  ///
  /// @param value null for none
  /// @param signature a header of that name; empty for none
  public void write(String topic, String key, @Nullable String value, String signature) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", plain(), "acks", "all"),
            new StringSerializer(),
            new StringSerializer())) {
      ProducerRecord<String, String> record = new ProducerRecord<>(topic, 0, key, value);
      if (!signature.isEmpty()) {
        record.headers().add("signature", signature.getBytes(StandardCharsets.UTF_8));
      }
      producer.send(record).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("writing to topic " + topic, e);
    }
  }

  /// The topics there are.
  public Set<String> topics() {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", plain()))) {
      return admin.listTopics().names().get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("listing topics", e);
    }
  }

  /// All that was committed to a topic, in order within each partition.
  public List<ConsumerRecord<String, byte[]>> records(String topic) {
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", plain(), "isolation.level", "read_committed"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      Set<TopicPartition> partitions = new HashSet<>();
      consumer
          .partitionsFor(topic)
          .forEach(one -> partitions.add(new TopicPartition(topic, one.partition())));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }

  @Override
  public void close() {
    down();
  }
}
