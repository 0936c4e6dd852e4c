using Grid.Abstractions;
using Grid.Features.Definitions;
using Grid.Features.Plans;
using Grid.Grains.Catalogue;
using Grid.Primitives;
using Microsoft.Extensions.Logging;

namespace Grid.Grains.Views;

/// <inheritdoc cref="IWorkspaceGrain"/>
[GrainType("grid.workspace")]
internal sealed partial class WorkspaceGrain(CatalogueReplica replica, CatalogueWriter writer, ILogger<WorkspaceGrain> logger)
    : Grain, IWorkspaceGrain
{
    public async Task<ViewsInfo> ApplyViewsAsync(ApplyViewsRequest request, CancellationToken cancellationToken)
    {
        var workspace = GridNames.Require("workspace", this.GetPrimaryKeyString());
        var snapshot = await replica.PullAsync(cancellationToken);
        FeatureViewDefinition[] before = [.. snapshot.PlanOf(workspace).Views.Select(view => view.Definition)];
        var named = ViewYaml.Parse(request.Yaml, request.Source);
        var kept = request.Prune ? [] : before.Where(view => named.All(other => other.Name != view.Name));
        FeatureViewDefinition[] after = [.. kept.Concat(named).OrderBy(view => view.Name, StringComparer.Ordinal)];

        // Compiled before anything is stored: what the catalogue holds can be laid out.
        var plan = FeaturePlan.Compile(after);
        var changed = Compare(before, after);
        if (request.DryRun || changed.Length == 0)
        {
            return Describe(workspace, plan, snapshot.Revision, changed);
        }

        var entry = new ViewsEntry(plan.Generation.ToString(), ViewYaml.Write(after));
        var generation = $"{workspace}/{entry.Generation}";
        if (!snapshot.Generations.ContainsKey(generation))
        {
            // A loser of this race finds the same bytes there: the name is their digest.
            await writer.SwapAsync(CatalogueKinds.Generation, generation, 0, entry, CatalogueJson.Default.ViewsEntry, cancellationToken);
        }

        var expected = snapshot.Views.TryGetValue(workspace, out var current) ? current.Version : 0;
        var swapped = await writer.SwapAsync(CatalogueKinds.Views, workspace, expected, entry, CatalogueJson.Default.ViewsEntry, cancellationToken)
            ?? throw CatalogueWriter.Contended($"views of workspace '{workspace}'");
        LogApplied(workspace, entry.Generation, string.Join(", ", changed), swapped.Revision);
        return Describe(workspace, plan, swapped.Revision, changed);
    }

    public async Task<ViewsInfo> GetViewsAsync()
    {
        var workspace = GridNames.Require("workspace", this.GetPrimaryKeyString());
        var snapshot = await replica.PullAsync(CancellationToken.None);
        return Describe(workspace, snapshot.PlanOf(workspace), snapshot.Revision, []);
    }

    private static ViewsInfo Describe(string workspace, FeaturePlan plan, long revision, string[] changed) =>
        new(
            workspace,
            plan.Views.Count == 0 ? "" : plan.Generation.ToString(),
            [.. plan.Views.Select(view => view.Name)],
            plan.Views.Count == 0 ? "" : ViewYaml.Write([.. plan.Views.Select(view => view.Definition)]),
            revision,
            changed);

    private static string[] Compare(IReadOnlyList<FeatureViewDefinition> before, IReadOnlyList<FeatureViewDefinition> after)
    {
        var old = before.ToDictionary(view => view.Name, view => view.Digest, StringComparer.Ordinal);
        var changes = new List<string>();
        foreach (var view in after)
        {
            if (!old.Remove(view.Name, out var digest))
            {
                changes.Add($"+ {view.Name}");
            }
            else if (digest != view.Digest)
            {
                changes.Add($"~ {view.Name}");
            }
        }

        changes.AddRange(old.Keys.Select(name => $"- {name}"));
        return [.. changes];
    }

    [LoggerMessage(EventId = 2301, Level = LogLevel.Information, Message = "Views of workspace {Workspace} are at generation {Generation} ({Changes}), catalogue revision {Revision}")]
    private partial void LogApplied(string workspace, string generation, string changes, long revision);
}
