using Confluent.Kafka;
using Grid.Primitives;

namespace Grid.Streams.Kafka.Tests.Clients;

public sealed class ConnectionTests
{
    [Fact]
    public void EmptyOptions_NameTheMissingServers()
    {
        var error = Assert.Single(new KafkaConnectionOptions().Check("kafka"));
        Assert.Equal("kafka.bootstrapServers", error.Target);
    }

    [Fact]
    public void ManyMistakes_AreToldAtOnceWithTheirPaths()
    {
        var options = new KafkaConnectionOptions
        {
            BootstrapServers = "good:9092, bad host",
            SecurityProtocol = "sasl_ssl",
            SaslMechanism = "scram-sha-256",
            SslCaLocation = "/no/such/ca.pem",
            SslKeyLocation = "/no/such/key.pem",
            Properties = { ["enable.auto.commit"] = "true", ["socket.timeout.ms"] = "1000" },
        };

        var error = Assert.Throws<GridException>(() => new KafkaClientFactory(options, "streams.kafka"));

        Assert.Equal(
            [
                "streams.kafka.bootstrapServers[1]",
                "streams.kafka.saslUsername",
                "streams.kafka.saslPassword",
                "streams.kafka.sslCaLocation",
                "streams.kafka.sslKeyLocation",
                "streams.kafka.sslKeyLocation",
                "streams.kafka.properties['enable.auto.commit']",
            ],
            error.Errors.Select(e => e.Target));
    }

    [Theory]
    [InlineData("plaintext", null, 0)]
    [InlineData("SSL", null, 0)]
    [InlineData("tls", null, 1)]
    [InlineData("plaintext", "PLAIN", 1)]
    [InlineData("sasl_plaintext", null, 1)]
    [InlineData("sasl_plaintext", "GSSAPI", 0)]
    [InlineData("sasl_ssl", "MD5", 1)]
    public void ProtocolAndMechanism_GoTogether(string protocol, string? mechanism, int errors) =>
        Assert.Equal(errors, new KafkaConnectionOptions { BootstrapServers = "h:1", SecurityProtocol = protocol, SaslMechanism = mechanism }.Check().Count);

    [Theory]
    [InlineData(null, "20")]
    [InlineData("500", "500")]
    public void FetchesThatFindNothing_AreHeldShortly_UnlessTheConnectionSaysOtherwise(string? given, string expected)
    {
        var options = new KafkaConnectionOptions { BootstrapServers = "h:1" };
        if (given is not null)
        {
            options.Properties["fetch.wait.max.ms"] = given;
        }

        var factory = new KafkaClientFactory(options);
        Assert.Equal(expected, factory.Merge(new ConsumerConfig())["fetch.wait.max.ms"]);
        Assert.Equal(given, factory.Merge(new ProducerConfig()).GetValueOrDefault("fetch.wait.max.ms"));
    }

    [Fact]
    public void SecuritySettingsAndProperties_ReachTheClient()
    {
        var config = new KafkaConnectionOptions
        {
            BootstrapServers = "h:1",
            SecurityProtocol = "sasl_ssl",
            SaslMechanism = "scram-sha-512",
            SaslUsername = "u",
            SaslPassword = "p",
            VerifyServerCertificate = false,
            Properties = { ["socket.timeout.ms"] = "1000" },
        }.ToConfig().ToDictionary();

        Assert.Equal("sasl_ssl", config["security.protocol"]);
        Assert.Equal("SCRAM-SHA-512", config["sasl.mechanism"]);
        Assert.Equal(("u", "p", "FALSE", "1000"), (config["sasl.username"], config["sasl.password"], config["enable.ssl.certificate.verification"].ToUpperInvariant(), config["socket.timeout.ms"]));
    }

    [Fact]
    public void LoadedLibrary_IsNewEnough() => KafkaNativeLibrary.Require();

    [Fact]
    public void OlderLibraryOfTheSystem_IsRefusedWithTheCure()
    {
        var error = KafkaNativeLibrary.Check(0x020002ff, "2.0.2");
        Assert.NotNull(error);
        Assert.Contains("2.0.2", error.Message, StringComparison.Ordinal);
        Assert.Contains("librdkafka-dev", error.Fix, StringComparison.Ordinal);
        Assert.Null(KafkaNativeLibrary.Check(0x021000ff, "2.16.0"));
    }

    [Theory]
    [InlineData(nameof(KafkaReaderOptions.MaxBatchRecords))]
    [InlineData(nameof(KafkaReaderOptions.MaxBatchBytes))]
    [InlineData(nameof(KafkaReaderOptions.FetchQueueKbytes))]
    public void ReaderOptionOutOfRange_IsNamedWithItsLimits(string property)
    {
        var options = new KafkaReaderOptions();
        typeof(KafkaReaderOptions).GetProperty(property)!.SetValue(options, 0);
        Assert.Contains(options.Check("r"), e => e.Target.Equals("r." + property, StringComparison.OrdinalIgnoreCase) && e.Message.Contains('0', StringComparison.Ordinal));
    }

    [Fact]
    public void BufferSmallerThanABatch_IsRefused()
    {
        var options = new KafkaReaderOptions { MaxBatchRecords = 500, MaxBufferedRecords = 499, MaxBatchBytes = 4096, MaxBufferedBytes = 4095, MinBackoff = TimeSpan.FromSeconds(2), MaxBackoff = TimeSpan.FromSeconds(1) };
        Assert.Equal(["reader.maxBufferedRecords", "reader.maxBufferedBytes", "reader.maxBackoff"], options.Check().Select(e => e.Target));
    }
}
