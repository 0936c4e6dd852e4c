namespace Grid.Silo.Commands;

/// <summary>A line of a file of events that was refused or set aside.</summary>
internal sealed record SendRefusal(long Line, string Verdict, string? Reason);
