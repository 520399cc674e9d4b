package dev.sigwarden.notify.kafka;

import dev.sigwarden.notify.RawServer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;
import org.apache.kafka.common.requests.ResponseHeader;
import org.apache.kafka.common.requests.SaslAuthenticateRequest;

/// A broker that lets nobody in, and says to each who tries what a test makes of the credentials.
public final class ScriptedKafka implements AutoCloseable {
  /// What clients gave to authenticate by.
  final List<String> logins = new CopyOnWriteArrayList<>();

  private final UnaryOperator<String> refusal;
  private final RawServer server = new RawServer(this::converse);

  /// One that answers from now on.
  ///
  /// @param refusal the words for a login
  public ScriptedKafka(UnaryOperator<String> refusal) {
    this.refusal = refusal;
  }

  /// Where it listens, on loopback.
  public int port() {
    return server.port();
  }

  private void converse(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    while (true) {
      ByteBuffer request = ByteBuffer.wrap(in.readNBytes(in.readInt()));
      RequestHeader header = RequestHeader.parse(request);
      ResponseHeader answer = header.toResponseHeader();
      ByteBuffer said =
          RequestUtils.serialize(
              answer.data(), answer.headerVersion(), answer(header, request), header.apiVersion());
      out.writeInt(said.remaining());
      out.write(said.array(), said.arrayOffset() + said.position(), said.remaining());
      out.flush();
    }
  }

  private ApiMessage answer(RequestHeader header, ByteBuffer request) throws IOException {
    return switch (header.apiKey()) {
      case API_VERSIONS -> versions();
      case SASL_HANDSHAKE -> new SaslHandshakeResponseData().setMechanisms(List.of("PLAIN"));
      case SASL_AUTHENTICATE -> {
        var parsed =
            (SaslAuthenticateRequest)
                AbstractRequest.parseRequest(
                        header.apiKey(), header.apiVersion(), new ByteBufferAccessor(request))
                    .request;
        String login = new String(parsed.data().authBytes(), StandardCharsets.UTF_8);
        logins.add(login);
        yield new SaslAuthenticateResponseData()
            .setErrorCode(Errors.SASL_AUTHENTICATION_FAILED.code())
            .setErrorMessage(refusal.apply(login));
      }
      default -> throw new IOException("nobody was let in");
    };
  }

  private static ApiVersionsResponseData versions() {
    var all = new ApiVersionsResponseData.ApiVersionCollection();
    for (ApiKeys key :
        List.of(
            ApiKeys.API_VERSIONS,
            ApiKeys.SASL_HANDSHAKE,
            ApiKeys.SASL_AUTHENTICATE,
            ApiKeys.METADATA)) {
      all.add(
          new ApiVersionsResponseData.ApiVersion()
              .setApiKey(key.id)
              .setMinVersion(key.oldestVersion())
              .setMaxVersion(key.latestVersion()));
    }
    return new ApiVersionsResponseData().setApiKeys(all);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
