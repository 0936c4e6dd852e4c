namespace Grid.Streams.Kafka.Tests.Streams;

/// <summary>An event that others write as JSON.</summary>
[GenerateSerializer, Alias("test.order")]
public sealed record Order([property: Id(0)] string Id, [property: Id(1)] int Amount);
