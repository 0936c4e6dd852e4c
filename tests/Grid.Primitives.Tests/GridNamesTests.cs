namespace Grid.Primitives.Tests;

public sealed class GridNamesTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("_a")]
    [InlineData("flights-late")]
    [InlineData("v1.2_b")]
    public void Valid(string name) => Assert.True(GridNames.IsValid(name));

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("-rf")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("ä")]
    public void Invalid_IsNamedWithTheRule(string name)
    {
        Assert.False(GridNames.IsValid(name));
        var error = Assert.Throws<GridException>(() => GridNames.Require("tenant", name));
        Assert.Contains("tenant", error.Message, StringComparison.Ordinal);
        Assert.Contains(GridNames.Rule, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TooLong_IsInvalid() => Assert.False(GridNames.IsValid(new string('a', GridNames.MaxLength + 1)));
}
