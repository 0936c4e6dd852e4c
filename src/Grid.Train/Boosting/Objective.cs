namespace Grid.Train.Boosting;

/// <summary>What the trees learn.</summary>
internal enum Objective
{
    /// <summary>The probability that a label is 1; labels are 0 or 1.</summary>
    Binary = 1,

    /// <summary>The mean of the label, by squared error.</summary>
    Regression = 2,
}
