namespace Grid.Streams.Kafka.Tests.Streams;

public interface IStreamTestGrain : IGrainWithStringKey
{
    Task PingAsync();
}
