using System.Text;
using System.Text.Json;
using Grid.Client;
using Grid.Client.Wire;
using Grid.Primitives;
using Grid.Silo.Http.Json;
using Grid.Silo.Http.Reading;

namespace Grid.Silo.Tests.Reading;

public sealed class PredictReaderTests
{
    [Fact]
    public void WhatTheSdkWrites_IsRead()
    {
        var body = new PredictBody { Entity = "ü\"", Values = new() { ["a"] = 1.5, ["b"] = -2 }, AsOf = new WireTime(980_935_200_123), Version = "2", DeadlineMs = 50, WithFeatures = true };
        var command = Refusals.Read(JsonSerializer.Serialize(body, WireContext.Default.PredictBody), PredictReader.Read);

        Assert.Equal("ü\"", command.Entity);
        Assert.Equal(["a", "b"], command.Values!.Names);
        Assert.Equal([1.5, -2], command.Values.Values);
        Assert.Equal(980_935_200_123, command.AsOf!.Value.ToUnixTimeMilliseconds());
        Assert.Equal(new PredictOptions { Version = "2", Deadline = TimeSpan.FromMilliseconds(50), WithFeatures = true }, command.Options);
    }

    [Fact]
    public void WhatTheSdkWritesForMany_IsRead()
    {
        var body = new PredictManyBody { Items = [new() { Entity = "a", Values = new() { ["x"] = 1 } }, new() { Entity = "b" }], AsOf = new WireTime(5) };
        var command = Refusals.Read(JsonSerializer.Serialize(body, WireContext.Default.PredictManyBody), ReadMany);

        Assert.Equal(["a", "b"], command.Items.Select(static i => i.Entity));
        Assert.Equal([1d], command.Items[0].Values!.Values);
        Assert.Null(command.Items[1].Values);
        Assert.Equal(5, command.AsOf!.Value.ToUnixTimeMilliseconds());
    }

    [Theory]
    [InlineData("""{"entity":5}""", "entity", "is the number 5, at line 1, position 11; it must be a text.")]
    [InlineData("{\n  \"entity\": \"e\",\n  \"values\": {\"x\": \"1\"}\n}", "values.x", "is the text \"1\", at line 3, position 19; it must be a finite number.")]
    [InlineData("""{"entity":"e","values":{"x":1e999}}""", "values.x", "it must be a finite number")]
    [InlineData("""{"entity":"e","values":{"x":null}}""", "values.x", "is null")]
    [InlineData("""{"entity":"e","values":[1]}""", "values", "is an array, at line 1, position 24; it must be an object")]
    [InlineData("""{"entity":"e","values":{"x":1,"x":2}}""", "values.x", "is given twice")]
    [InlineData("""{"entity":"e","as_of":"2001-01-31T10:00:00"}""", "as_of", "ISO 8601 with an offset")]
    [InlineData("""{"entity":"e","as_of":1.5}""", "as_of", "is the number 1.5")]
    [InlineData("""{"entity":"e","deadline_ms":0}""", "deadline_ms", "it must be a whole number from 1 to 600000")]
    [InlineData("""{"entity":"e","deadline_ms":1e9}""", "deadline_ms", "is the number 1e9")]
    [InlineData("""{"entity":"e","with_features":"yes"}""", "with_features", "it must be true or false")]
    [InlineData("""{"entity":"e","version":"../2"}""", "version '../2'", "is not a valid version name")]
    [InlineData("""{"values":{}}""", "entity", "is missing")]
    [InlineData("""{"entity":"e","speed":1}""", "speed", "is not known here, at line 1, position 15")]
    [InlineData("[]", "body", "is an array")]
    [InlineData("null", "body", "is null")]
    public void WrongRequest_IsRefusedByPathPlaceAndWhatIsExpected(string json, string target, string message)
    {
        var error = Refusals.Of(json, PredictReader.Read);
        Assert.Equal(GridErrorCode.InvalidArgument, error.Code);
        Assert.Equal(target, error.Target);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("{\"entity\":\"e\",}", "is not valid JSON at line 1, position 15")]
    [InlineData("{\"entity\":\n \"e\",\n oops}", "is not valid JSON at line 3, position 2")]
    [InlineData("{\"entity\":\"e\",\"values\":{\"x\":", "in 'values.x'")]
    [InlineData("{\"entity\":\"e\"} {}", "is not valid JSON at line 1, position 16")]
    [InlineData("{\"entity\":\"e\",\"values\":{\"x\":NaN}}", "is not valid JSON at line 1, position 29")]
    public void MalformedJson_NamesLinePositionAndMember(string json, string message)
    {
        var error = Refusals.Of(json, PredictReader.Read);
        Assert.Equal("body", error.Target);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Items_AreCountedByIndexInErrors()
    {
        Assert.Equal("items[1].values.x", Refusals.Of("""{"items":[{"entity":"a","values":{"x":1}},{"entity":"b","values":{"x":[]}}]}""", ReadMany).Target);
        Assert.Equal("items[1].entity", Refusals.Of("""{"items":[{"entity":"a"},{"values":{}}]}""", ReadMany).Target);
        Assert.Equal("items[0]", Refusals.Of("""{"items":["a"]}""", ReadMany).Target);
        Assert.Equal(GridErrorCode.TooLarge, Refusals.Of("""{"items":[{"entity":"a"},{"entity":"a"},{"entity":"a"},{"entity":"a"}]}""", ReadMany).Code);
    }

    [Fact]
    public void TextThatIsNotUnicode_IsRefusedByPath()
    {
        byte[] invalidUtf8 = [.. "{\"entity\":\""u8, 0xFF, .. "\"}"u8];
        Assert.Equal("entity", Assert.Throws<GridException>(() => JsonCursor.Parse(invalidUtf8, PredictReader.Read)).Error.Target);
        Assert.Equal("entity", Refusals.Of("""{"entity":"\ud800"}""", PredictReader.Read).Target);
    }

    [Fact]
    public void DeepNesting_IsRefused_NotFollowed() =>
        Assert.Equal(GridErrorCode.InvalidArgument, Refusals.Of("{\"entity\":" + new string('[', 100_000), PredictReader.Read).Code);

    [Fact]
    public void ByteOrderMark_IsPassedOver()
    {
        byte[] json = [0xEF, 0xBB, 0xBF, .. "{\"entity\":\"e\"}"u8];
        Assert.Equal("e", JsonCursor.Parse(json, PredictReader.Read).Entity);
    }

    [Fact]
    public void ManyNames_AreComparedWithoutQuadraticWork()
    {
        var names = string.Join(',', Enumerable.Range(0, 50_000).Select(static i => $"\"n{i}\":{i}"));
        var command = Refusals.Read($"{{\"entity\":\"e\",\"values\":{{{names}}}}}", PredictReader.Read);
        Assert.Equal(50_000, command.Values!.Names.Length);
        Assert.Equal("values.n7", Refusals.Of($"{{\"entity\":\"e\",\"values\":{{{names},\"n7\":1}}}}", PredictReader.Read).Target);
    }

    [Fact]
    public void AnyCutOfAGoodBody_IsRefused_NeverCrashes()
    {
        var json = Encoding.UTF8.GetBytes("""{"entity":"e\u00fc","values":{"x":1.5e3,"y":-2},"as_of":"2001-01-31T10:00:00Z","version":"2","deadline_ms":50,"with_features":true}""");
        for (var length = 0; length < json.Length; length++)
        {
            var cut = json[..length];
            Assert.Throws<GridException>(() => JsonCursor.Parse(cut, PredictReader.Read));
        }
    }

    private static PredictManyCommand ReadMany(ref JsonCursor cursor) => PredictReader.ReadMany(ref cursor, 3);
}
