using Grid.Abstractions;
using Grid.Grains.Rollouts;
using Grid.Monitoring.Outcomes;
using Grid.Monitoring.Rollouts;
using MonitoredOutcome = Grid.Monitoring.Outcomes.Outcome;
using MonitoredPrediction = Grid.Monitoring.Outcomes.Prediction;

namespace Grid.Grains.Monitoring;

/// <summary>
/// Joins outcomes to what the live version and one on trial said of the same features. What both have lost is stored; pairs that wait for their outcome are in
/// memory only. Bounded. Not thread-safe.
/// </summary>
internal sealed class TrialWatch(TrialRecord record)
{
    /// <summary>Pairs, and outcomes that wait for one: some 20 MB at most.</summary>
    private const int Capacity = 50_000;

    private readonly OutcomeJoiner _joiner = new(Capacity);
    private PairedLoss _loss = new(record.ChampionLoss.ToSum(), record.ChallengerLoss.ToSum(), record.LossDifference.ToSum());

    public string Champion => record.Champion;

    public string Challenger => record.Challenger;

    /// <summary>What has to be stored, as of now.</summary>
    public TrialRecord Record => new(Champion, Challenger, _loss.Champion.ToTally(), _loss.Challenger.ToTally(), _loss.Difference.ToTally());

    /// <summary>Takes in a pair.</summary>
    /// <returns>True where its outcome was there already.</returns>
    public bool Add(in TrialPair pair, string entity, DateTimeOffset clock) =>
        _joiner.Predicted(new MonitoredPrediction(pair.Id, entity, DateTimeOffset.FromUnixTimeMilliseconds(pair.TimeMs), pair.Score, Challenger, pair.ChampionScore), clock) is { } joined
        && Take(joined);

    /// <summary>Takes in an outcome.</summary>
    /// <returns>True where its pair is there and it says something new.</returns>
    public bool Observe(in MonitoredOutcome outcome, DateTimeOffset clock) => Take(_joiner.Observed(outcome, clock));

    public TrialStanding Standing(string[] drifting)
    {
        var now = Record;
        return new TrialStanding(Champion, Challenger, now.ChampionLoss, now.ChallengerLoss, now.LossDifference, drifting);
    }

    private bool Take(JoinedOutcome joined)
    {
        if (joined.Kind is not (JoinKind.Joined or JoinKind.Corrected) || joined.Prediction.Rival is not { } champion)
        {
            return false;
        }

        if (joined.Replaced is { } wrong)
        {
            _loss = _loss.Add(champion, joined.Prediction.Score, wrong, weight: -1);
        }

        _loss = _loss.Add(champion, joined.Prediction.Score, joined.Label);
        return true;
    }
}
