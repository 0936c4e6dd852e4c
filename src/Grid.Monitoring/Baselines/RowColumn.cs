namespace Grid.Monitoring.Baselines;

/// <summary>A column that a reader of training rows asks for.</summary>
/// <param name="Name">As in the file.</param>
/// <param name="Category">Texts become their <see cref="CategoryCode"/>; otherwise a text that is no number is an error.</param>
public readonly record struct RowColumn(string Name, bool Category = false);
