using System.Runtime.CompilerServices;
using System.Text;
using Grid.Inference.Repository;
using Grid.Inference.Tests.Support;
using Grid.Primitives;

namespace Grid.Inference.Tests;

public sealed class PackageTests : IDisposable
{
    private static readonly byte[] Model = OnnxBuilder.Identity(OnnxBuilder.Float, null, 3);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Digest_IsOfNamesAndContents()
    {
        _folder.Write("a/model.onnx", Model);
        _folder.Write("a/sub/labels.txt", "yes no");
        _folder.Write("a/.cache", "not part of it");
        _folder.Write("b/model.onnx", Model);
        _folder.Write("b/labels.txt", "yes no");
        _folder.Write("c/sub/labels.txt", "yes no");
        _folder.Write("c/model.onnx", Model);

        var (a, b, c) = (await ReadAsync("a"), await ReadAsync("b"), await ReadAsync("c"));

        Assert.Equal(["model.onnx", "sub/labels.txt"], a.Files.Select(f => f.Name));
        Assert.Equal(a.Digest, c.Digest);
        Assert.NotEqual(a.Digest, b.Digest);
        Assert.Null(await a.VerifyAsync());
        _folder.Write("a/sub/labels.txt", "yes nO");
        Assert.Contains("labels.txt", (await a.VerifyAsync())!.Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReceivedFiles_BecomeAFolderWithTheSameDigest()
    {
        var received = await ReceiveAsync("new", ("model.onnx", Model), ("sub/labels.txt", "x"u8.ToArray()));
        Assert.Equal((await ReadAsync("new")).Digest, received.Digest);
        // Again, with the same bytes: the same package.
        Assert.Equal(received.Digest, (await ReceiveAsync("new", ("sub/labels.txt", "x"u8.ToArray()), ("model.onnx", Model))).Digest);

        var exception = await Assert.ThrowsAsync<GridException>(() => ReceiveAsync("new", ("model.onnx", Model)));
        Assert.Equal(GridErrorCode.AlreadyExists, exception.Code);
        Assert.Equal(received.Digest, (await ReadAsync("new")).Digest);
        Assert.Equal(["new"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("../model.onnx")]
    [InlineData("/tmp/model.onnx")]
    [InlineData("a//b")]
    [InlineData("a/./b")]
    [InlineData(".hidden")]
    [InlineData("a\\b")]
    [InlineData("c:model")]
    [InlineData("")]
    public async Task ReceivedNameThatLeavesTheFolder_IsRefusedAndNothingStays(string name)
    {
        var exception = await Assert.ThrowsAsync<GridException>(() => ReceiveAsync("new", ("model.onnx", Model), (name, [1])));
        Assert.Contains($"file '{name}'", exception.Error.Target, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Limits_AreKeptOnReadingAndOnReceiving()
    {
        var small = new ModelPackageOptions { MaxFileBytes = 200, MaxFiles = 2, MaxTotalBytes = 250 };
        (string, (string, byte[])[])[] cases =
        [
            ("MaxFileBytes", [("model.onnx", Model), ("big", new byte[201])]),
            ("MaxFiles", [("model.onnx", Model), ("a", [1]), ("b", [1])]),
            ("MaxTotalBytes", [("model.onnx", Model), ("a", new byte[200])]),
        ];
        Assert.InRange(Model.Length, 51, 200);
        foreach (var (setting, files) in cases)
        {
            var received = await Assert.ThrowsAsync<GridException>(() => ModelPackage.ReceiveAsync(Path.Combine(_folder.Path, "new"), Entries(files), small));
            Assert.Equal((GridErrorCode.TooLarge, true), (received.Code, received.Error.Fix!.Contains(setting, StringComparison.Ordinal)));
            foreach (var (name, content) in files)
            {
                _folder.Write($"{setting}/{name}", content);
            }

            var read = await Assert.ThrowsAsync<GridException>(() => ModelPackage.FromFolderAsync(Path.Combine(_folder.Path, setting), small));
            Assert.Equal((GridErrorCode.TooLarge, true), (read.Code, read.Error.Fix!.Contains(setting, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task LinkOutOfTheFolder_IsRefusedAndALinkInsideIsFollowed()
    {
        var outside = _folder.Write("secret", "s");
        _folder.Write("bad/model.onnx", Model);
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "bad/labels.txt"), outside);
        var exception = await Assert.ThrowsAsync<GridException>(() => ReadAsync("bad"));
        Assert.Contains("labels.txt", exception.Error.Target, StringComparison.Ordinal);

        var target = _folder.Write("good/real.onnx", Model);
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "good/model.onnx"), target);
        Assert.Equal(2, (await ReadAsync("good")).Files.Length);
    }

    [Fact]
    public async Task Scan_FindsTheSamplesWithTheirManifests()
    {
        var scan = await ModelRepository.ScanAsync(TestFiles.Samples);
        Assert.Empty(scan.Errors);
        Assert.Equal(["flights-late/1", "flights-late/2"], scan.Versions.Select(v => $"{v.Model}/{v.Version}"));
        Assert.All(scan.Versions, v => Assert.Equal(24, v.Manifest!.Inputs[0].Columns.Length));
        Assert.NotEqual(scan.Versions[0].Package.Digest, scan.Versions[1].Package.Digest);
    }

    [Fact]
    public async Task Scan_ReportsEveryBadEntryAndKeepsTheGoodOnes()
    {
        _folder.Write("good/2/model.onnx", Model);
        _folder.Write("good/10/model.onnx", Model);
        _folder.Write("torn/1/model.onnx", Model[..40]);
        _folder.Write("nomodel/1/readme.txt", "x");
        _folder.Write("bad name/1/model.onnx", Model);
        _folder.Write("manifest/1/model.onnx", Model);
        _folder.Write("manifest/1/model.yaml", "outputs: { p: { output: q } }\nbaseline: none.json");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "empty"));

        var scan = await ModelRepository.ScanAsync(_folder.Path);

        Assert.Equal(["good/2", "good/10"], scan.Versions.Select(v => $"{v.Model}/{v.Version}"));
        Assert.Equal(6, scan.Errors.Length);
        foreach (var part in (string[])["torn", "nomodel", "bad name", "outputs.p.output", "baseline", "empty"])
        {
            Assert.Contains(scan.Errors, e => e.Target.Contains(part, StringComparison.Ordinal));
        }
    }

    private static async IAsyncEnumerable<PackageEntry> Entries((string Name, byte[] Content)[] files, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var (name, content) in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new PackageEntry(name, new MemoryStream(content));
        }

        await Task.CompletedTask;
    }

    private Task<ModelPackage> ReadAsync(string name) => ModelPackage.FromFolderAsync(Path.Combine(_folder.Path, name));

    private Task<ModelPackage> ReceiveAsync(string name, params (string, byte[])[] files) => ModelPackage.ReceiveAsync(Path.Combine(_folder.Path, name), Entries(files));
}
