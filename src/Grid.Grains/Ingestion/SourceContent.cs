namespace Grid.Grains.Ingestion;

/// <summary>What the records of a topic are.</summary>
public enum SourceContent
{
    /// <summary>Events, which change features.</summary>
    Events = 0,

    /// <summary>The truth about predictions. Fields <c>prediction_id</c>, <c>model</c>, <c>entity</c>, <c>value</c>; the time is the prediction's as-of time, of no account beside an id.</summary>
    Outcomes = 1,
}
