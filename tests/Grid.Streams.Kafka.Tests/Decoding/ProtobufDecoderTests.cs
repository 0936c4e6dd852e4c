using Google.Protobuf;
using Grid.Primitives;

namespace Grid.Streams.Kafka.Tests.Decoding;

public sealed class ProtobufDecoderTests : IDisposable
{
    private readonly string _set = Path.GetTempFileName();

    public ProtobufDecoderTests() => File.WriteAllBytes(_set, ProtobufValues.Set().ToByteArray());

    public void Dispose() => File.Delete(_set);

    [Fact]
    public void EveryType_IsReadAsGooglesEncoderWroteIt() =>
        Assert.Equal(
            "acme/pay@1700000000123 type='pay' tenant='acme' i=7 l=-5 u='18446744073709551615' f=0.5 d=-12.25 b=true color='GREEN' at=1700000000123 place_city='Bern' place_inner_city='Ulm' maybe=0",
            new RecordDecoder(Mapping()).One(Decoded.Record(ProtobufValues.Sample())));

    [Fact]
    public void FieldsLeftOutForBeingZero_AreZeroAndOptionalOnesMissing() =>
        Assert.Equal(
            "acme/pay@1700000000123 type='pay' tenant='acme' i=0 l=0 u=0 f=0 d=0 b=false color='RED' at=1700000000123",
            new RecordDecoder(Mapping()).One(Decoded.Record(ProtobufValues.Sample(isSparse: true))));

    [Fact]
    public void WithoutFraming_TheValueBeginsAtOnce()
    {
        var mapping = Mapping();
        mapping.HasConfluentFraming = false;
        mapping.Fields = [new("i"), new("place.inner.city", "city")];
        Assert.Equal("acme/pay@1700000000123 i=9 city='Ulm'", new RecordDecoder(mapping).One(Decoded.Record(ProtobufValues.Sample(9, isFramed: false))));
    }

    [Fact]
    public void AnotherMessageOfTheSchema_IsAFault() =>
        Assert.StartsWith("SchemaMismatch", new RecordDecoder(Mapping()).One(Decoded.Record([0, 0, 0, 0, 3, 0])), StringComparison.Ordinal);

    [Fact]
    public void FirstMessageOfAFile_HasTheShortForm()
    {
        var mapping = new RecordMapping { Format = RecordFormat.Protobuf, Type = ValueSource.Constant("o"), Tenant = ValueSource.Constant("t"), DescriptorSet = _set, MessageType = "test.Other" };
        Assert.Equal($"t/o@{Decoded.Arrival}", new RecordDecoder(mapping).One(Decoded.Record([0, 0, 0, 0, 3, 0])));
        Assert.Equal($"t/o@{Decoded.Arrival}", new RecordDecoder(mapping).One(Decoded.Record([0, 0, 0, 0, 3, 2, 0])));
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0, 3, 2, 2, 8, 1 })] // The type as a number.
    [InlineData(new byte[] { 0, 0, 0, 0, 3, 2, 2, 10, 9, 65 })] // Text that ends early.
    [InlineData(new byte[] { 0, 0, 0, 0, 3, 2, 2, 10, 1, 0xff })] // Text that is no UTF-8.
    [InlineData(new byte[] { 0, 0, 0, 0, 3, 2, 2, 0 })] // Field 0.
    [InlineData(new byte[] { 0, 0, 0, 0, 3, 2, 2, 0x9f, 0x06, 6 })]
    [InlineData(new byte[] { 9 })]
    [InlineData(new byte[] { })]
    public void BrokenBytes_AreFaults(byte[] value) =>
        Assert.StartsWith("Malformed", new RecordDecoder(Mapping()).One(Decoded.Record(value)), StringComparison.Ordinal);

    [Fact]
    public void SetOrMessageThatIsNotThere_IsRefusedByName()
    {
        var mapping = Mapping();
        mapping.MessageType = "test.Nobody";
        Assert.Contains("test.Nobody", Assert.Throws<GridException>(() => new RecordDecoder(mapping)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(_set, [1, 2, 3]);
        Assert.Contains("descriptorSet", Assert.Throws<GridException>(() => new RecordDecoder(Mapping())).Message, StringComparison.Ordinal);
    }

    private RecordMapping Mapping() => new() { Format = RecordFormat.Protobuf, Type = ValueSource.Field("type"), Tenant = ValueSource.Field("tenant"), TimeField = "at", DescriptorSet = _set, MessageType = "test.Event" };
}
