namespace Grid.Client.Wire;

/// <summary>Body of <c>POST /v1/{workspace}/tenants/{tenant}/outcomes</c>.</summary>
public sealed record OutcomesBody
{
    public required IReadOnlyList<OutcomeBody> Outcomes { get; init; }
}
