using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Grid.Inference.Manifests;
using Grid.Primitives;

namespace Grid.Inference.Repository;

/// <summary>
/// The files of one version in a folder, with their digests and one content digest over all of them. Immutable; the folder is not watched:
/// <see cref="VerifyAsync"/> tells whether it still holds the same bytes. Files and folders whose names begin with a dot are not part of it.
/// </summary>
public sealed class ModelPackage
{
    public const string ModelFileName = "model.onnx";

    public const string ManifestFileName = "model.yaml";

    private const int CopyBytes = 128 * 1024;

    private ModelPackage(string folder, ImmutableArray<PackageFile> files)
    {
        Folder = folder;
        Files = files;
        Digest = DigestOf(files);
    }

    /// <summary>Full path of the folder.</summary>
    public string Folder { get; }

    /// <summary>All files, sorted by name (ordinal).</summary>
    public ImmutableArray<PackageFile> Files { get; }

    /// <summary>SHA-256 over the lines <c>name, NUL, digest</c> of all files in order: the version's identity.</summary>
    public Digest Digest { get; }

    public string ModelPath => Path.Combine(Folder, ModelFileName);

    public bool HasFile(string name) => Files.Any(f => f.Name == name);

    /// <summary>The content digest of a set of files, in any order.</summary>
    public static Digest DigestOf(IEnumerable<PackageFile> files)
    {
        var text = new StringBuilder();
        foreach (var file in files.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            text.Append(file.Name).Append('\0').Append(file.Digest).Append('\n');
        }

        return Digest.Of(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Reads and digests all files of a folder.</summary>
    /// <exception cref="GridException">The folder or its model.onnx is missing, a name or link breaks the rule, or a limit is passed; all that is found at once.</exception>
    public static async Task<ModelPackage> FromFolderAsync(string folder, ModelPackageOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= ModelPackageOptions.Default;
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var found = List(root, options);
        var files = ImmutableArray.CreateBuilder<PackageFile>(found.Count);
        foreach (var (name, info) in found)
        {
            try
            {
                var content = info.OpenRead();
                await using (content.ConfigureAwait(false))
                {
                    files.Add(new PackageFile(name, info.Length, await Digest.OfAsync(content, cancellationToken).ConfigureAwait(false)));
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new GridException(new GridError(GridErrorCode.FailedPrecondition, $"file '{info.FullName}'", "cannot be read.", "Check the file's permissions."), exception);
            }
        }

        return new ModelPackage(root, files.ToImmutable());
    }

    /// <summary>
    /// Writes named files into a new folder and answers the package. Either the folder is there whole afterwards, or it is not there.
    /// A folder that is there already is left as it is: with the same content it is the answer, with other content the call fails.
    /// </summary>
    /// <exception cref="GridException">A name breaks the rule or comes twice, a limit is passed, model.onnx is not among them, or the folder holds other bytes.</exception>
    public static async Task<ModelPackage> ReceiveAsync(
        string folder,
        IAsyncEnumerable<PackageEntry> entries,
        ModelPackageOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        options ??= ModelPackageOptions.Default;
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        // Beside the target, so that the move at the end stays in one file system; the leading dot hides it from a scan.
        var staging = Path.Combine(Path.GetDirectoryName(root)!, $".{Path.GetFileName(root)}.{Guid.NewGuid():N}.partial");
        Directory.CreateDirectory(staging);
        try
        {
            var files = await WriteAsync(staging, entries, options, cancellationToken).ConfigureAwait(false);
            if (!files.Any(f => f.Name == ModelFileName))
            {
                throw MissingModel(root).ToException();
            }

            var received = DigestOf(files);
            if (Directory.Exists(root))
            {
                var existing = await FromFolderAsync(root, options, cancellationToken).ConfigureAwait(false);
                return existing.Digest == received ? existing : throw OtherBytes(root, existing.Digest, received).ToException();
            }

            Directory.Move(staging, root);
            return new ModelPackage(root, [.. files.OrderBy(f => f.Name, StringComparer.Ordinal)]);
        }
        finally
        {
            if (Directory.Exists(staging))
            {
                Directory.Delete(staging, recursive: true);
            }
        }
    }

    /// <summary>The manifest file's content, or null where the version has none.</summary>
    /// <exception cref="GridException">The file breaks the manifest's rules.</exception>
    public async Task<ModelManifest?> ReadManifestAsync(CancellationToken cancellationToken = default)
    {
        var path = Path.Combine(Folder, ManifestFileName);
        if (Files.FirstOrDefault(f => f.Name == ManifestFileName) is not { } file)
        {
            return null;
        }

        return file.Bytes > ModelManifest.MaxTextBytes
            ? throw new GridError(GridErrorCode.TooLarge, $"file '{path}'", $"has {file.Bytes} bytes; the limit is {ModelManifest.MaxTextBytes}.", "A manifest holds names and limits only.").ToException()
            : ModelManifest.Parse(await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false), path);
    }

    /// <summary>Reads all files again. Null where they are the same bytes, otherwise what differs.</summary>
    public async Task<GridError?> VerifyAsync(CancellationToken cancellationToken = default)
    {
        foreach (var file in Files)
        {
            var path = Path.Combine(Folder, file.Name);
            if (!File.Exists(path))
            {
                return Changed(path, "is gone");
            }

            var content = File.OpenRead(path);
            await using (content.ConfigureAwait(false))
            {
                if (content.Length != file.Bytes || await Digest.OfAsync(content, cancellationToken).ConfigureAwait(false) != file.Digest)
                {
                    return Changed(path, $"no longer has the content {file.Digest}");
                }
            }
        }

        return null;
    }

    private static GridError Changed(string path, string what) =>
        new(GridErrorCode.Corrupt, $"file '{path}'", $"{what} that its version was registered with.", "A version is immutable: put the file back, or register a new version.");

    private static GridError OtherBytes(string root, Digest existing, Digest received) =>
        new(GridErrorCode.AlreadyExists, $"folder '{root}'", $"holds {existing}, not {received}.", "A version is immutable: use a new version number.");

    private static GridError MissingModel(string root) =>
        GridError.Invalid($"folder '{root}'", $"has no {ModelFileName}.", $"Put the model there as {ModelFileName}.");

    private static GridError? CheckLimits(string target, int count, long fileBytes, long totalBytes, ModelPackageOptions options)
    {
        var (what, value, limit, setting) = count > options.MaxFiles ? ("has files:", count, options.MaxFiles, nameof(options.MaxFiles))
            : fileBytes > options.MaxFileBytes ? ("has bytes:", fileBytes, options.MaxFileBytes, nameof(options.MaxFileBytes))
            : totalBytes > options.MaxTotalBytes ? ("brings the version's bytes to", totalBytes, options.MaxTotalBytes, nameof(options.MaxTotalBytes))
            : ("", 0L, 0L, "");
        return what.Length == 0 ? null : new GridError(GridErrorCode.TooLarge, target, $"{what} {value} or more; the limit is {limit}.", $"Leave out what the model does not need, or raise {setting}.");
    }

    private static List<(string Name, FileInfo Info)> List(string root, ModelPackageOptions options)
    {
        if (!Directory.Exists(root))
        {
            throw GridError.NotFound($"folder '{root}'", "does not exist.", "Give the folder of one version: <model>/<version>.").ToException();
        }

        var errors = new List<GridError>();
        var found = new List<(string Name, FileInfo Info)>();
        var folders = new Stack<string>([root]);
        var total = 0L;
        while (folders.TryPop(out var folder) && found.Count <= options.MaxFiles)
        {
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(e => e.Name[0] != '.'))
            {
                var name = Path.GetRelativePath(root, entry.FullName).Replace(Path.DirectorySeparatorChar, '/');
                var target = $"file '{entry.FullName}'";
                if (!PackagePaths.IsValidName(name))
                {
                    errors.Add(GridError.Invalid(target, "has a name that a version's file cannot have.", PackagePaths.Rule));
                }
                else if (entry.LinkTarget is not null && !PackagePaths.IsInside(root, entry))
                {
                    errors.Add(GridError.Invalid(target, "is a link out of the version's folder, or to a folder.", "Copy the file itself."));
                }
                else if (entry is DirectoryInfo)
                {
                    folders.Push(entry.FullName);
                }
                else
                {
                    var info = entry.LinkTarget is null ? (FileInfo)entry : (FileInfo)entry.ResolveLinkTarget(returnFinalTarget: true)!;
                    found.Add((name, info));
                    total += info.Exists ? info.Length : 0;
                    if (CheckLimits(target, found.Count, info.Exists ? info.Length : 0, total, options) is { } limit)
                    {
                        errors.Add(limit);
                        break;
                    }
                }
            }
        }

        if (errors.Count == 0 && !found.Any(f => f.Name == ModelFileName))
        {
            errors.Add(MissingModel(root));
        }

        found.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return errors.Count == 0 ? found : throw new GridException(errors);
    }

    private static async Task<List<PackageFile>> WriteAsync(string staging, IAsyncEnumerable<PackageEntry> entries, ModelPackageOptions options, CancellationToken cancellationToken)
    {
        var files = new List<PackageFile>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var total = 0L;
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            await foreach (var entry in entries.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                var target = $"file '{entry.Name}'";
                if (!PackagePaths.IsValidName(entry.Name))
                {
                    throw GridError.Invalid(target, "has a name that a version's file cannot have.", PackagePaths.Rule).ToException();
                }

                if (!names.Add(entry.Name))
                {
                    throw GridError.Invalid(target, "comes twice.", "Send each file once; names that differ in case only are the same.").ToException();
                }

                var path = Path.Combine(staging, entry.Name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                var bytes = 0L;
                var output = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
                await using (output.ConfigureAwait(false))
                {
                    int read;
                    while ((read = await entry.Content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
                    {
                        bytes += read;
                        total += read;
                        if (CheckLimits(target, files.Count + 1, bytes, total, options) is { } limit)
                        {
                            throw limit.ToException();
                        }

                        hash.AppendData(buffer, 0, read);
                        await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                    }

                    if (CheckLimits(target, files.Count + 1, bytes, total, options) is { } count)
                    {
                        throw count.ToException();
                    }
                }

                _ = Digest.TryParse(Digest.Prefix + Convert.ToHexStringLower(hash.GetHashAndReset()), out var digest);
                files.Add(new PackageFile(entry.Name, bytes, digest));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return files;
    }
}
