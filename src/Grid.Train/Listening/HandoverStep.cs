namespace Grid.Train.Listening;

/// <summary>What a hand-over has behind it.</summary>
internal enum HandoverStep
{
    Exported,
    Downloaded,
    Trained,
    Registered,
    OnTrial,
}
