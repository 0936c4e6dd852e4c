using Grid.Abstractions;
using Grid.Primitives;
using Grid.Silo.Tests.Support;
using Grid.TestKit;

namespace Grid.Silo.Tests;

/// <summary>The files of a version through the SDK over HTTP and the commands.</summary>
public sealed class VersionFileTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private const string Model = "files";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatWasPushed_ComesBackToTheByte_AlsoOfARetiredVersion()
    {
        using var folder = new TempFolder();
        var pushed = await PushAsync(folder, "1");
        Assert.Contains(pushed.Files, static file => file.Name == "notes/card.txt");
        await silo.Sdk.Models.RetireAsync(Model, "1", Token);

        var (code, text, _) = await GridCommandLine.RunAsync(silo.Address, "models", "pull", Model, "1", folder.Sub("pulled") + Path.DirectorySeparatorChar);
        Assert.Equal(0, code);
        Assert.Contains("notes/card.txt", text, StringComparison.Ordinal);
        foreach (var file in pushed.Files)
        {
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(folder.Sub("1"), file.Name), Token), await File.ReadAllBytesAsync(Path.Combine(folder.Sub("pulled"), file.Name), Token));
        }

        Assert.Equal(pushed.Files.Length, Directory.GetFiles(folder.Sub("pulled"), "*", SearchOption.AllDirectories).Length);
        await silo.Sdk.Models.DownloadAsync(Model, "1", "notes/card.txt", folder.Sub("one"), Token);
        Assert.Equal("a note", await File.ReadAllTextAsync(folder.Sub("one"), Token));
    }

    [Fact]
    public async Task TheCard_IsPrinted_AndAVersionWithoutOneSaysSo()
    {
        using var folder = new TempFolder();
        await PushAsync(folder, "2", card: "# What it is for");
        await PushAsync(folder, "3");
        var (code, text, _) = await GridCommandLine.RunAsync(silo.Address, "models", "card", Model, "2");
        Assert.Equal((0, "# What it is for"), (code, text.TrimEnd()));
        (code, _, var error) = await GridCommandLine.RunAsync(silo.Address, "models", "card", Model, "3");
        Assert.Equal(1, code);
        Assert.Contains("card of version '3' of model 'files': does not exist.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("card.json")]
    [InlineData("../1/model.onnx")]
    [InlineData("")]
    public async Task AFileThatIsNotThere_IsNamed_AndNothingIsWritten(string file)
    {
        using var folder = new TempFolder();
        await PushAsync(folder, "4");
        var error = await Assert.ThrowsAsync<GridException>(async () => await silo.Sdk.Models.DownloadAsync(Model, "4", file, folder.Sub("target"), Token));
        Assert.Equal((GridErrorCode.NotFound, $"file '{file}' of version '4' of model 'files'"), (error.Code, error.Error.Target));
        Assert.Contains("model.onnx", error.Error.Fix, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Sub("target")));
        error = await Assert.ThrowsAsync<GridException>(async () => await silo.Sdk.Models.DownloadAsync(Model, "4", "model.onnx", Path.Combine(folder.Sub("nowhere"), "target"), Token));
        Assert.Equal(GridErrorCode.InvalidArgument, error.Code);
    }

    private async Task<VersionInfo> PushAsync(TempFolder folder, string version, string? card = null)
    {
        var target = folder.Sub(version);
        Directory.CreateDirectory(Path.Combine(target, "notes"));
        File.Copy(Path.Combine(Repository.Flights, "models", "flights-late", "1", "model.onnx"), Path.Combine(target, "model.onnx"));
        await File.WriteAllTextAsync(Path.Combine(target, "notes", "card.txt"), "a note", Token);
        if (card is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(target, "README.md"), card, Token);
        }

        return await silo.Sdk.Models.PushAsync(Model, version, target, cancellationToken: Token);
    }
}
