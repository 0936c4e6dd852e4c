using Grid.Abstractions;
using Grid.Grains.Ownership;
using Grid.Grains.Rollouts;
using Grid.Primitives;

namespace Grid.Grains.Shards;

/// <summary>Makes the answers of one shard, each with an id of its own. Lives on the shard's scheduler; not thread-safe.</summary>
/// <param name="door">Base address of this silo's HTTP door.</param>
internal sealed class PredictionAnswers(string door)
{
    private PredictionIds? _ids;

    /// <summary>Predictions answered.</summary>
    public long Given => _ids?.Given ?? 0;

    /// <param name="shard">The shard.</param>
    /// <param name="ownership">Its owner.</param>
    /// <param name="vector">What the version asked for.</param>
    /// <param name="chosen">The version, and why it was chosen.</param>
    /// <param name="entity">What it is for.</param>
    /// <param name="asOfMs">The time of the features.</param>
    /// <param name="ageMs">How long ago the owner confirmed itself, where that is worth saying.</param>
    /// <param name="values">What was computed.</param>
    /// <param name="features">The vector, where it was asked for.</param>
    /// <param name="isLocal">Whether this process computed it.</param>
    public Prediction Make(
        ShardKey shard,
        ShardOwnership ownership,
        BoundVector vector,
        in ChosenVersion chosen,
        string entity,
        long asOfMs,
        long ageMs,
        float[] values,
        float[]? features,
        bool isLocal)
    {
        _ids ??= new PredictionIds(shard, ownership.Lease.Epoch);
        return new Prediction
        {
            Id = _ids.Next(asOfMs),
            Model = chosen.Key.Model,
            Version = vector.Version,
            Arm = chosen.Arm,
            Digest = vector.Digest,
            Revision = chosen.Revision,
            Entity = entity,
            AsOfMs = asOfMs,
            Layout = vector.Layout,
            Values = values,
            Features = features,
            Owner = door,
            OwnershipAgeMs = ageMs,
            Local = isLocal,
        };
    }
}
