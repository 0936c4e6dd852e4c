namespace Grid.Monitoring.Performance;

/// <summary>A rising map from scores to probabilities, fitted by pooling adjacent violators; linear between its knots, constant outside them. Immutable.</summary>
public sealed class IsotonicCalibration
{
    /// <param name="scores">Strictly rising.</param>
    /// <param name="values">Not falling; one a score.</param>
    public IsotonicCalibration(double[] scores, double[] values)
    {
        if (scores.Length != values.Length || scores.Length == 0 || scores.Zip(scores.Skip(1)).Any(static p => !(p.First < p.Second)) || values.Zip(values.Skip(1)).Any(static p => !(p.First <= p.Second)))
        {
            throw new ArgumentException("Knots of a calibration rise in score and do not fall in value.", nameof(scores));
        }

        Scores = scores;
        Values = values;
    }

    public IReadOnlyList<double> Scores { get; }

    public IReadOnlyList<double> Values { get; }

    /// <param name="scores">In any order; equal ones are averaged first.</param>
    /// <param name="outcomes">0 or 1, or rates.</param>
    /// <param name="weights">Rows behind each; null for one each.</param>
    public static IsotonicCalibration Fit(IReadOnlyList<double> scores, IReadOnlyList<double> outcomes, IReadOnlyList<double>? weights = null)
    {
        // A block is a run of scores that share one value; a block that is not above the one before it joins it.
        var rows = Enumerable.Range(0, scores.Count)
            .GroupBy(i => scores[i])
            .Select(g => (Score: g.Key, Weight: g.Sum(i => weights?[i] ?? 1), Sum: g.Sum(i => outcomes[i] * (weights?[i] ?? 1))))
            .OrderBy(static r => r.Score);
        var blocks = new List<(List<double> Scores, double Weight, double Sum)>();
        foreach (var row in rows)
        {
            var block = (Scores: new List<double> { row.Score }, row.Weight, row.Sum);
            while (blocks.Count > 0 && blocks[^1].Sum / blocks[^1].Weight >= block.Sum / block.Weight)
            {
                var before = blocks[^1];
                blocks.RemoveAt(blocks.Count - 1);
                before.Scores.AddRange(block.Scores);
                block = (before.Scores, before.Weight + block.Weight, before.Sum + block.Sum);
            }

            blocks.Add(block);
        }

        // Inner knots of a flat run change nothing.
        List<double> x = [], y = [];
        foreach (var (run, weight, sum) in blocks)
        {
            x.Add(run[0]);
            y.Add(sum / weight);
            if (run.Count > 1)
            {
                x.Add(run[^1]);
                y.Add(sum / weight);
            }
        }

        return new IsotonicCalibration([.. x], [.. y]);
    }

    public double Map(double score)
    {
        if (score <= Scores[0])
        {
            return Values[0];
        }

        for (var i = 1; i < Scores.Count; i++)
        {
            if (score <= Scores[i])
            {
                var t = (score - Scores[i - 1]) / (Scores[i] - Scores[i - 1]);
                return Values[i - 1] + (t * (Values[i] - Values[i - 1]));
            }
        }

        return Values[^1];
    }
}
