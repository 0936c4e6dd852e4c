using Confluent.Kafka;
using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>How to reach a Kafka cluster. Read once by each client that is made from it; changing it later changes nothing.</summary>
public sealed class KafkaConnectionOptions
{
    /// <summary>Properties that the readers and producers rely on: another value would lose records or count them twice.</summary>
    private static readonly HashSet<string> Owned = new(StringComparer.OrdinalIgnoreCase)
    {
        "bootstrap.servers", "client.id", "group.id", "group.instance.id", "enable.auto.commit", "enable.auto.offset.store", "auto.offset.reset",
        "enable.partition.eof", "enable.idempotence", "acks", "max.in.flight.requests.per.connection", "transactional.id", "partitioner",
        "security.protocol", "sasl.mechanism", "sasl.mechanisms", "sasl.username", "sasl.password",
        "ssl.ca.location", "ssl.certificate.location", "ssl.key.location", "ssl.key.password", "enable.ssl.certificate.verification",
        "dotnet.consumer.consume.result.fields", "dotnet.producer.enable.delivery.reports", "dotnet.producer.delivery.report.fields",
    };

    /// <summary>Brokers to ask first, <c>host:port</c> separated by commas. Required.</summary>
    public string BootstrapServers { get; set; } = "";

    /// <summary>Name in the brokers' logs and quotas. Default <c>grid</c>.</summary>
    public string ClientId { get; set; } = "grid";

    /// <summary><c>plaintext</c> (default), <c>ssl</c>, <c>sasl_plaintext</c> or <c>sasl_ssl</c>.</summary>
    public string SecurityProtocol { get; set; } = "plaintext";

    /// <summary><c>PLAIN</c>, <c>SCRAM-SHA-256</c>, <c>SCRAM-SHA-512</c>, <c>GSSAPI</c> or <c>OAUTHBEARER</c>; required with a SASL protocol.</summary>
    public string? SaslMechanism { get; set; }

    /// <summary>Required with <c>PLAIN</c> and <c>SCRAM-*</c>.</summary>
    public string? SaslUsername { get; set; }

    /// <summary>Required with <c>PLAIN</c> and <c>SCRAM-*</c>. Never logged.</summary>
    public string? SaslPassword { get; set; }

    /// <summary>File or folder of CA certificates; default: the system's.</summary>
    public string? SslCaLocation { get; set; }

    /// <summary>PEM file of the client's certificate, for mutual TLS.</summary>
    public string? SslCertificateLocation { get; set; }

    /// <summary>PEM file of the client's private key.</summary>
    public string? SslKeyLocation { get; set; }

    /// <summary>Password of the private key. Never logged.</summary>
    public string? SslKeyPassword { get; set; }

    /// <summary>Whether the broker's certificate is checked. Default true.</summary>
    public bool VerifyServerCertificate { get; set; } = true;

    /// <summary>Any other librdkafka property by its name, for example <c>socket.timeout.ms</c>. Those that Grid sets itself are refused. A reader's <c>fetch.wait.max.ms</c> is 20 unless it is given here.</summary>
    public Dictionary<string, string> Properties
    {
        get;

        // What is set is copied: names are compared without case whatever made the dictionary.
        set => field = new Dictionary<string, string>(value ?? [], StringComparer.OrdinalIgnoreCase);
    } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>All that is wrong, with paths that begin at <paramref name="path"/>; empty when the options are usable.</summary>
    public IReadOnlyList<GridError> Check(string path = "kafka")
    {
        var errors = new List<GridError>();
        CheckServers(path, errors);
        var protocol = Protocol(SecurityProtocol);
        if (protocol is null)
        {
            errors.Add(GridError.Invalid($"{path}.securityProtocol", $"is '{SecurityProtocol}'.", "Use plaintext, ssl, sasl_plaintext or sasl_ssl."));
        }

        var usesSasl = protocol is Confluent.Kafka.SecurityProtocol.SaslPlaintext or Confluent.Kafka.SecurityProtocol.SaslSsl;
        if (usesSasl)
        {
            CheckSasl(path, errors);
        }
        else if (SaslMechanism is not null && protocol is not null)
        {
            errors.Add(GridError.Invalid($"{path}.saslMechanism", $"is set, but the protocol {SecurityProtocol} does not use SASL.", "Use sasl_ssl or sasl_plaintext, or leave the mechanism out."));
        }

        CheckFile($"{path}.sslCaLocation", SslCaLocation, errors);
        CheckFile($"{path}.sslCertificateLocation", SslCertificateLocation, errors);
        CheckFile($"{path}.sslKeyLocation", SslKeyLocation, errors);
        if (SslCertificateLocation is null != SslKeyLocation is null)
        {
            errors.Add(GridError.Invalid($"{path}.sslKeyLocation", "and sslCertificateLocation go together, and one of them is missing.", "Set both or none."));
        }

        foreach (var name in Properties.Keys.Where(Owned.Contains))
        {
            errors.Add(GridError.Invalid($"{path}.properties['{name}']", "is set by Grid itself.", "Remove it; use the option of that meaning where there is one."));
        }

        return errors;
    }

    /// <summary>The options as librdkafka takes them.</summary>
    internal ClientConfig ToConfig()
    {
        var config = new ClientConfig(new Dictionary<string, string>(Properties))
        {
            BootstrapServers = BootstrapServers,
            ClientId = ClientId,
            SecurityProtocol = Protocol(SecurityProtocol),
        };
        if (SaslMechanism is not null)
        {
            config.Set("sasl.mechanism", SaslMechanism.ToUpperInvariant());
            config.SaslUsername = SaslUsername;
            config.SaslPassword = SaslPassword;
        }

        config.SslCaLocation = SslCaLocation;
        config.SslCertificateLocation = SslCertificateLocation;
        config.SslKeyLocation = SslKeyLocation;
        config.SslKeyPassword = SslKeyPassword;
        if (!VerifyServerCertificate)
        {
            config.EnableSslCertificateVerification = false;
        }

        return config;
    }

    private static SecurityProtocol? Protocol(string text) => text.ToUpperInvariant() switch
    {
        "PLAINTEXT" => Confluent.Kafka.SecurityProtocol.Plaintext,
        "SSL" => Confluent.Kafka.SecurityProtocol.Ssl,
        "SASL_PLAINTEXT" => Confluent.Kafka.SecurityProtocol.SaslPlaintext,
        "SASL_SSL" => Confluent.Kafka.SecurityProtocol.SaslSsl,
        _ => null,
    };

    private static void CheckFile(string path, string? file, List<GridError> errors)
    {
        if (file is not null && !File.Exists(file) && !Directory.Exists(file))
        {
            errors.Add(GridError.NotFound(path, $"is '{file}', which does not exist.", "Correct the path, or mount the file."));
        }
    }

    private void CheckServers(string path, List<GridError> errors)
    {
        var servers = BootstrapServers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (servers.Length == 0)
        {
            errors.Add(GridError.Invalid($"{path}.bootstrapServers", "is empty.", "Give at least one host:port."));
        }

        for (var i = 0; i < servers.Length; i++)
        {
            // librdkafka also takes a protocol in front: ssl://host:port.
            var address = servers[i].Contains("://", StringComparison.Ordinal) ? servers[i] : "tcp://" + servers[i];
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.PathAndQuery is not ("" or "/"))
            {
                errors.Add(GridError.Invalid($"{path}.bootstrapServers[{i}]", $"is '{servers[i]}', which is no address.", "Give host:port, separated by commas."));
            }
        }
    }

    private void CheckSasl(string path, List<GridError> errors)
    {
        var mechanism = SaslMechanism?.ToUpperInvariant();
        if (mechanism is not ("PLAIN" or "SCRAM-SHA-256" or "SCRAM-SHA-512" or "GSSAPI" or "OAUTHBEARER"))
        {
            errors.Add(GridError.Invalid($"{path}.saslMechanism", $"is '{SaslMechanism}' with the protocol {SecurityProtocol}.", "Use PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, GSSAPI or OAUTHBEARER."));
            return;
        }

        if (mechanism is "GSSAPI" or "OAUTHBEARER")
        {
            return; // Their settings are properties of librdkafka.
        }

        if (string.IsNullOrEmpty(SaslUsername))
        {
            errors.Add(GridError.Invalid($"{path}.saslUsername", $"is empty, and {mechanism} needs one.", "Set the user name."));
        }

        if (string.IsNullOrEmpty(SaslPassword))
        {
            errors.Add(GridError.Invalid($"{path}.saslPassword", $"is empty, and {mechanism} needs one.", "Set the password, best from a secret."));
        }
    }
}
