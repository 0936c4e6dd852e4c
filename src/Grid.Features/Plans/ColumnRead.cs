namespace Grid.Features.Plans;

/// <summary>Which operation's value a column of the vector is.</summary>
internal readonly record struct ColumnRead(int Destination, int Operation);
