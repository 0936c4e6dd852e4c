using Grid.Abstractions;
using Grid.TestKit;

namespace Grid.Silo.Tests.Support;

/// <summary>Requests for the flights model that a silo of the tests serves.</summary>
internal static class Flights
{
    public const string Model = "flights-late";

    public const string Root = "/v1/default";

    public const string Predict = """{"entity":"BOS","as_of":"2001-01-10T12:00:00Z","with_features":true,"values":{"local_hour":12,"dow":3,"distance":100,"block_min":60}}""";

    public static readonly DateTimeOffset AsOf = new(2001, 1, 10, 12, 0, 0, TimeSpan.Zero);

    public static RequestValues Values { get; } = new(["local_hour", "dow", "distance", "block_min"], [12, 3, 100, 60]);

    public static string ModelFolder(string version) => Path.Combine(Repository.Flights, "models", Model, version);

    public static byte[] Onnx(string version) => File.ReadAllBytes(Path.Combine(ModelFolder(version), "model.onnx"));

    public static string Event(string key, string fields = """{"dest":"BOS","delay_min":20}""", string time = "2001-01-10T11:30:00Z", string type = "arrival") =>
        $$"""{"type":"{{type}}","time":"{{time}}","key":"{{key}}","fields":{{fields}}}""";

    public static string Append(params string[] events) => $$"""{"events":[{{string.Join(",", events)}}]}""";
}
