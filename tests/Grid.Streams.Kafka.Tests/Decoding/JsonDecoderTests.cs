using System.Text;
using Grid.Primitives;

namespace Grid.Streams.Kafka.Tests.Decoding;

public sealed class JsonDecoderTests
{
    private static RecordMapping Mapping() => new() { Type = ValueSource.Field("type"), Tenant = ValueSource.Field("meta.tenant"), TimeField = "at" };

    [Fact]
    public void AllScalars_AreTakenNestedOnesWithUnderscores()
    {
        var decoder = new RecordDecoder(Mapping());
        var line = decoder.One(Decoded.Json("""{"type":"pay","at":1700000000123,"meta":{"tenant":"acme","n":{"d":1}},"amount":12.5,"ok":true,"none":null,"list":[1,{"x":2}],"city":"Z\u00fcrich \ud83d\ude00"}"""));
        Assert.Equal("acme/pay@1700000000123 type='pay' at=1700000000123 meta_tenant='acme' meta_n_d=1 amount=12.5 ok=true none=null city='Zürich 😀'", line);
    }

    [Fact]
    public void PositionIsTheOffsetAndArrivalTheTimestamp()
    {
        var records = new DecodedRecords();
        records.Decode([Decoded.Record("""{"type":"a","at":1,"meta":{"tenant":"t"}}"""u8.ToArray(), offset: 77)], new RecordDecoder(Mapping()));
        var reader = new EventBatchReader(records.Take().Events);
        Assert.True(reader.MoveNext());
        Assert.Equal((77, Decoded.Arrival), (reader.Position, reader.ArrivalMs));
    }

    [Fact]
    public void ListedFields_AreTakenAloneUnderTheirNames()
    {
        var mapping = Mapping();
        mapping.Fields = [new FieldMapping("a.b", "ab"), new FieldMapping("c")];
        var line = new RecordDecoder(mapping).One(Decoded.Json("""{"x":{"y":[1]},"c":"v","a":{"z":0,"b":2},"type":"p","at":5,"meta":{"tenant":"t","q":1}}"""));
        Assert.Equal("t/p@5 c='v' ab=2", line);
    }

    [Fact]
    public void LastOfTwoPropertiesOfOneName_Wins() =>
        Assert.Equal("t/b@2 type='b' at=2 meta_tenant='t'", new RecordDecoder(Mapping()).One(Decoded.Json("""{"type":"a","type":"b","at":1,"at":2,"meta":{"tenant":"t"}}""")));

    [Fact]
    public void IntegersBeyondTheExactRange_AreTextDigitForDigit() =>
        Assert.Equal(
            "t/p@1 max=9007199254740992 card='9007199254740993' low='-9223372036854775808' big='18446744073709551615'",
            new RecordDecoder(new RecordMapping { Type = ValueSource.Constant("p"), Tenant = ValueSource.Constant("t"), TimeField = "at", Fields = [new("max"), new("card"), new("low"), new("big")] })
                .One(Decoded.Json("""{"max":9007199254740992,"card":9007199254740993,"low":-9223372036854775808,"big":18446744073709551615,"at":1}""")));

    [Theory]
    [InlineData("header:tenant", "acme")]
    [InlineData("key", "from-key")]
    [InlineData("constant:fixed", "fixed")]
    [InlineData("field:id", "17")]
    public void Tenant_ComesFromWhereTheMappingSays(string source, string tenant)
    {
        var decoder = new RecordDecoder(new RecordMapping { Type = ValueSource.Constant("e"), Tenant = ValueSource.Parse(source), Fields = [new("id")] });
        Assert.Equal($"{tenant}/e@{Decoded.Arrival} id=17", decoder.One(Decoded.Json("""{"id":17}""", "from-key", new KafkaHeader("tenant", "acme"u8.ToArray()))));
    }

    [Theory]
    [InlineData("1700000000", TimeFormat.Seconds, 1_700_000_000_000)]
    [InlineData("1700000000.25", TimeFormat.Seconds, 1_700_000_000_250)]
    [InlineData("\"1700000000123\"", TimeFormat.Milliseconds, 1_700_000_000_123)]
    [InlineData("-5", TimeFormat.Milliseconds, -5)]
    [InlineData("1.9", TimeFormat.Milliseconds, 1)]
    [InlineData("\"2023-11-14T22:13:20.123Z\"", TimeFormat.Iso, 1_700_000_000_123)]
    [InlineData("\"2023-11-14T23:13:20.123+01:00\"", TimeFormat.Iso, 1_700_000_000_123)]
    [InlineData("\"2023-11-14T22:13:20\"", TimeFormat.Iso, 1_700_000_000_000)]
    [InlineData("\"2023-11-14\"", TimeFormat.Iso, 1_699_920_000_000)]
    public void Times_AreReadInTheConfiguredFormat(string json, TimeFormat format, long ms)
    {
        var decoder = new RecordDecoder(new RecordMapping { Type = ValueSource.Constant("e"), Tenant = ValueSource.Constant("t"), TimeField = "at", TimeFormat = format, Fields = [new("x")] });
        Assert.Equal($"t/e@{ms}", decoder.One(Decoded.Json($$"""{"at":{{json}}}""")));
    }

    [Theory]
    [InlineData("\"yesterday\"", TimeFormat.Iso)]
    [InlineData("\"12:30\"", TimeFormat.Iso)]
    [InlineData("1700000000", TimeFormat.Iso)]
    [InlineData("true", TimeFormat.Milliseconds)]
    [InlineData("\"\"", TimeFormat.Milliseconds)]
    [InlineData("9e99", TimeFormat.Milliseconds)]
    [InlineData("253402300800000", TimeFormat.Milliseconds)]
    [InlineData("9223372036854775807", TimeFormat.Seconds)]
    public void TimesThatAreNone_AreFaults(string json, TimeFormat format)
    {
        var decoder = new RecordDecoder(new RecordMapping { Type = ValueSource.Constant("e"), Tenant = ValueSource.Constant("t"), TimeField = "at", TimeFormat = format });
        Assert.StartsWith("InvalidTime", decoder.One(Decoded.Json($$"""{"at":{{json}}}""")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Malformed")]
    [InlineData("[]", "Malformed")]
    [InlineData("7", "Malformed")]
    [InlineData("""{"type":"p" """, "Malformed")]
    [InlineData("""{"type":"p","at":1,"meta":{"tenant":"t"}} {}""", "Malformed")]
    [InlineData("""{"type":"p","at":1,"meta":{"tenant":"t"},"x":1e999}""", "Malformed")]
    [InlineData("""{"type":"p","at":1,"meta":{"tenant":"t"},"x":"\ud800"}""", "Malformed")]
    [InlineData("""{"at":1,"meta":{"tenant":"t"}}""", "MissingType")]
    [InlineData("""{"type":null,"at":1,"meta":{"tenant":"t"}}""", "MissingType")]
    [InlineData("""{"type":1.5,"at":1,"meta":{"tenant":"t"}}""", "MissingType")]
    [InlineData("""{"type":"p","at":1,"meta":"t"}""", "MissingTenant")]
    [InlineData("""{"type":"p","meta":{"tenant":"t"}}""", "MissingTime")]
    [InlineData("""{"type":"p","at":null,"meta":{"tenant":"t"}}""", "MissingTime")]
    [InlineData("""{"type":"p","at":1,"meta":{"tenant":"../t"}}""", "InvalidName")]
    [InlineData("""{"type":"","at":1,"meta":{"tenant":"t"}}""", "InvalidName")]
    public void BadValue_IsAFaultAndTheNextRecordIsUntouched(string json, string reason)
    {
        var decoder = new RecordDecoder(Mapping());
        Assert.StartsWith(reason + ":", decoder.One(Decoded.Json(json)), StringComparison.Ordinal);
        Assert.Equal("t/p@1 type='p' at=1 meta_tenant='t'", decoder.One(Decoded.Json("""{"type":"p","at":1,"meta":{"tenant":"t"}}""")));
    }

    [Fact]
    public void FaultsInBetween_LeaveTheirNeighboursAlone()
    {
        var records = new DecodedRecords();
        string[] values = ["{", """{"type":"a","at":1,"meta":{"tenant":"t"}}""", "nope", """{"type":"b","at":2,"meta":{"tenant":"u"}}"""];
        records.Decode([.. values.Select((v, i) => Decoded.Record(Encoding.UTF8.GetBytes(v), offset: i))], new RecordDecoder(Mapping()));
        var batch = records.Take();
        Assert.Equal(["t/a@1 type='a' at=1 meta_tenant='t'", "u/b@2 type='b' at=2 meta_tenant='u'"], Decoded.Text(batch));
        Assert.Equal([0L, 2L], batch.Faults.Select(f => f.Record.Offset));
        Assert.Equal(0, records.Count);
    }

    [Fact]
    public void Tombstone_IsPassedOverUnlessItIsAFault()
    {
        var mapping = Mapping();
        Assert.Equal("nothing", new RecordDecoder(mapping).One(Decoded.Record(null)));
        mapping.TombstonesAreFaults = true;
        Assert.StartsWith("NullValue", new RecordDecoder(mapping).One(Decoded.Record(null)), StringComparison.Ordinal);
    }

    [Fact]
    public void NullKeyWhereTheTenantIsTheKey_IsAFault()
    {
        var decoder = new RecordDecoder(new RecordMapping { Type = ValueSource.Constant("e"), Tenant = ValueSource.Key });
        Assert.StartsWith("MissingTenant", decoder.One(Decoded.Json("{}")), StringComparison.Ordinal);
        Assert.StartsWith("InvalidName", decoder.One(Decoded.Record("{}"u8.ToArray(), [0xff, 0xfe])), StringComparison.Ordinal);
    }

    [Fact]
    public void LimitsOfSizeAndFields_HoldAtTheirBounds()
    {
        var mapping = new RecordMapping { Type = ValueSource.Constant("e"), Tenant = ValueSource.Constant("t"), MaxValueBytes = 21 };
        Assert.StartsWith("t/e@", new RecordDecoder(mapping).One(Decoded.Json("""{"a":"0123456789abc"}""")), StringComparison.Ordinal);
        Assert.StartsWith("TooLarge", new RecordDecoder(mapping).One(Decoded.Json("""{"a":"0123456789abcd"}""")), StringComparison.Ordinal);
        mapping.MaxValueBytes = 1 << 20;
        mapping.MaxFields = 10;
        Assert.StartsWith("TooManyFields", new RecordDecoder(mapping).One(Decoded.Json("{" + string.Join(',', Enumerable.Range(0, 14).Select(i => $"\"f{i}\":1")) + "}")), StringComparison.Ordinal);
    }

    [Fact]
    public void EverNewNames_DoNotSwellLaterBatches()
    {
        var decoder = new RecordDecoder(new RecordMapping { Type = ValueSource.Constant("e"), Tenant = ValueSource.Constant("t") });
        var records = new DecodedRecords();
        DecodedBatch batch = null!;
        for (var i = 0; i < 5000; i++)
        {
            records.Decode([Decoded.Json($$"""{"name{{i}}":{{i}}}""")], decoder);
            batch = records.Take();
            Assert.Contains($"name{i}", batch.Events.Names);
        }

        Assert.InRange(batch.Events.Names.Length, 1, 2049);
    }

    [Fact]
    public void ConfluentFramingBeforeJson_IsPassedOver() =>
        Assert.Equal("t/p@1 type='p' at=1 meta_tenant='t'", new RecordDecoder(Mapping()).One(Decoded.Record([0, 0, 0, 0, 9, .. """{"type":"p","at":1,"meta":{"tenant":"t"}}"""u8])));

    [Fact]
    public void WrongMapping_IsRefusedWithAllMistakes()
    {
        var mapping = new RecordMapping { Type = ValueSource.Constant("no good"), TimeField = "a..b", Fields = [new("x"), new("x"), new("y", "x")], MaxValueBytes = 0, Format = RecordFormat.Protobuf };
        var error = Assert.Throws<GridException>(() => new RecordDecoder(mapping, path: "topics[0]"));
        Assert.Equal(
            ["topics[0].tenant", "topics[0].type", "topics[0].timeField", "topics[0].maxValueBytes", "topics[0].fields[1].path", "topics[0].fields[1].name", "topics[0].fields[2].name", "topics[0].messageType", "topics[0].descriptorSet"],
            error.Errors.Select(e => e.Target));
    }

    [Theory]
    [InlineData("field:a.b")]
    [InlineData("key")]
    [InlineData("constant:x:y")]
    public void SourceText_ReadsBackAsWritten(string text) => Assert.Equal(text, ValueSource.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("field")]
    [InlineData("field:")]
    [InlineData("topic:x")]
    public void SourceText_ThatIsNone_IsRefused(string text) => Assert.Throws<GridException>(() => ValueSource.Parse(text));

    [Fact]
    public void WarmDecoder_AllocatesOnlyWhatTheBatchKeeps()
    {
        var decoder = new RecordDecoder(Mapping());
        var records = new DecodedRecords();
        KafkaRecord[] poll = [.. Enumerable.Range(0, 1000).Select(i => Decoded.Record(Encoding.UTF8.GetBytes($$$"""{"type":"p","at":{{{i}}},"meta":{"tenant":"t{{{i % 20}}}"},"amount":{{{i}}}.5,"city":"c{{{i % 50}}}"}"""), offset: i))];
        for (var i = 0; i < 3; i++)
        {
            records.Decode(poll, decoder);
            records.Take();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        records.Decode(poll, decoder);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256);
    }
}
