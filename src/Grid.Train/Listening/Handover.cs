using System.Security.Cryptography;
using System.Text;
using Grid.Abstractions;
using Grid.Client;
using Grid.Primitives;
using Grid.Train.Packages;

namespace Grid.Train.Listening;

/// <summary>
/// Answers one request to train: exports the rows it names, trains, registers the version with its lineage, and puts it on trial. The version's name follows from the
/// request and the grid is asked what is there already, so the same request leads to one version, however often and wherever this is begun; the folder only saves
/// work that was done before a crash.
/// </summary>
internal sealed class Handover(IGridClient grid, HandoverOptions options)
{
    /// <summary>The version that a request leads to.</summary>
    public static string VersionOf(SignalInfo request) =>
        $"retrain-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request.Id)))[..12]}";

    /// <returns>The version, on trial; null where that had been done before.</returns>
    /// <exception cref="GridException">Nothing to train on, the grid is away, or the version is refused.</exception>
    public async Task<VersionInfo?> RunAsync(SignalInfo request, CancellationToken cancellationToken)
    {
        var version = VersionOf(request);

        // 1. Done before? What was on trial once is not put there again: guards or people may have ended it.
        var model = await grid.Models.GetAsync(request.Model, cancellationToken);
        var isRegistered = model.Versions.Contains(version, StringComparer.Ordinal);
        if (isRegistered && await WasTriedAsync(request.Model, version, cancellationToken))
        {
            return null;
        }

        var folder = Path.Combine(options.Folder, grid.Workspace, request.Model, version);
        if (!isRegistered)
        {
            await RegisterAsync(request, version, folder, cancellationToken);
            await ReachedAsync(HandoverStep.Registered);
        }

        // 2. On trial.
        _ = options.CanaryPercent is { } share
            ? await grid.Models.SetCanaryAsync(request.Model, new Canary(version, share, StickyBy.Entity, IsAutomatic: true), cancellationToken)
            : await grid.Models.SetShadowAsync(request.Model, version, cancellationToken: cancellationToken);
        await ReachedAsync(HandoverStep.OnTrial);

        // 3. What was needed on the way is in the grid, under its digest.
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return await grid.Models.GetVersionAsync(request.Model, version, cancellationToken);
    }

    private async Task<bool> WasTriedAsync(string model, string version, CancellationToken cancellationToken)
    {
        var history = await grid.Models.GetHistoryAsync(model, cancellationToken);
        return history.Steps.Any(step => step.Version == version) || history.Lives.Any(live => live.Version == version);
    }

    private async Task RegisterAsync(SignalInfo request, string version, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);

        // 1. The set: made once, so that what is trained on after a crash is what was exported before it.
        var digest = await ExportAsync(request, Path.Combine(folder, "digest"), cancellationToken);
        await ReachedAsync(HandoverStep.Exported);

        // 2. The file appears whole or not at all.
        var set = Path.Combine(folder, "set.parquet");
        if (!File.Exists(set))
        {
            await grid.Datasets.DownloadAsync(digest, set, cancellationToken);
        }

        await ReachedAsync(HandoverStep.Downloaded);

        // 3. So does the version's folder.
        var package = Path.Combine(folder, "version");
        if (!Directory.Exists(package))
        {
            var trained = await PackageTrainer.TrainAsync(options.Training with { Data = set, Folder = package, Parent = request.Version, Signal = request.Id }, cancellationToken);
            await options.Trained(trained);
        }

        await ReachedAsync(HandoverStep.Trained);

        // 4. Another listener may have been quicker: its version is as good.
        try
        {
            await grid.Models.PushAsync(request.Model, version, package, cancellationToken: cancellationToken);
        }
        catch (GridException e) when (e.Code is GridErrorCode.AlreadyExists or GridErrorCode.Conflict)
        {
        }
    }

    private async Task<string> ExportAsync(SignalInfo request, string note, CancellationToken cancellationToken)
    {
        if (File.Exists(note))
        {
            return await File.ReadAllTextAsync(note, cancellationToken);
        }

        var to = DateTimeOffset.FromUnixTimeMilliseconds(request.DataToMs ?? request.OpenedMs);
        var from = options.History is { } history ? to - history
            : request.DataFromMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms)
            : DateTimeOffset.UnixEpoch;
        var set = await grid.Datasets.ExportAsync(request.Model, from, to, cancellationToken: cancellationToken);
        var staging = $"{note}.{Guid.NewGuid():N}.partial";
        await File.WriteAllTextAsync(staging, set.Digest, cancellationToken);
        File.Move(staging, note, overwrite: true);
        return set.Digest;
    }

    private ValueTask ReachedAsync(HandoverStep step) => options.Reached(step);
}
