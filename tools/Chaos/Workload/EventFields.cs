namespace Grid.Chaos.Workload;

/// <summary>An event in plain form; null where a field is missing.</summary>
internal sealed record EventFields(string Type, long TimeMs, string? Id, double? Amount, double? Weight, string? Shop, bool? Ok, string? Page);
