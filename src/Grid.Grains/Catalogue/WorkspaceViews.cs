using Grid.Features.Plans;

namespace Grid.Grains.Catalogue;

/// <summary>The views of a workspace, compiled once where the catalogue is read.</summary>
internal sealed record WorkspaceViews(ViewsEntry Entry, long Version, FeaturePlan Plan);
