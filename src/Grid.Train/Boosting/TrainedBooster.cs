using System.Text;
using Grid.Train.Data;

namespace Grid.Train.Boosting;

/// <summary>Trees that were grown, and the library's own predictions with them. Not thread-safe.</summary>
internal sealed class TrainedBooster : IDisposable
{
    private readonly BoosterHandle _booster;
    private readonly int _trees;
    private readonly int _threads;

    private TrainedBooster(BoosterHandle booster, int trees, int grown, IReadOnlyList<double> losses, int threads)
    {
        _booster = booster;
        _trees = trees;
        _threads = threads;
        Grown = grown;
        ValidationLosses = losses;
    }

    /// <summary>Trees that are used: the best number on the validation rows.</summary>
    public int Trees => _trees;

    /// <summary>Trees that were grown before the loss stopped falling.</summary>
    public int Grown { get; }

    /// <summary>Loss on the validation rows after each tree; empty without validation rows.</summary>
    public IReadOnlyList<double> ValidationLosses { get; }

    /// <param name="rows">Rows to learn from.</param>
    /// <param name="validation">Rows to stop by; may be empty.</param>
    /// <param name="options">How to grow.</param>
    /// <param name="cancellationToken">Stops between two trees.</param>
    public static TrainedBooster Train(TrainingRows rows, TrainingRows validation, BoostingOptions options, CancellationToken cancellationToken)
    {
        LightGbm.RequireLibrary();
        var parameters = options.ToParameters();
        using var data = new DatasetHandle(rows, parameters);
        using var held = validation.Count > 0 ? new DatasetHandle(validation, parameters, data) : null;
        var booster = new BoosterHandle(data, parameters);
        try
        {
            if (held is not null)
            {
                LightGbm.Check(LightGbmApi.LGBM_BoosterAddValidData(booster.DangerousGetHandle(), held.DangerousGetHandle()));
            }

            var losses = new List<double>();
            var best = 0;
            var grown = 0;
            Span<double> loss = stackalloc double[8];
            while (grown < options.Rounds)
            {
                cancellationToken.ThrowIfCancellationRequested();
                LightGbm.Check(LightGbmApi.LGBM_BoosterUpdateOneIter(booster.DangerousGetHandle(), out var isFinished));
                if (isFinished != 0)
                {
                    break; // No split gains anything any more.
                }

                grown++;
                if (held is null)
                {
                    best = grown;
                    continue;
                }

                LightGbm.Check(LightGbmApi.LGBM_BoosterGetEval(booster.DangerousGetHandle(), 1, out _, loss));
                losses.Add(loss[0]);
                if (best == 0 || loss[0] < losses[best - 1] || options.EarlyStopping == 0)
                {
                    best = grown;
                }
                else if (grown - best >= options.EarlyStopping)
                {
                    break;
                }
            }

            return new TrainedBooster(booster, Math.Max(best, 1), grown, losses, options.Threads);
        }
        catch
        {
            booster.Dispose();
            throw;
        }
    }

    /// <summary>The library's own predictions: probabilities, or values.</summary>
    public unsafe double[] Predict(TrainingRows rows)
    {
        var results = new double[rows.Count];
        if (rows.Count == 0)
        {
            return results;
        }

        fixed (float* features = rows.Features)
        fixed (double* first = results)
        {
            LightGbm.Check(LightGbmApi.LGBM_BoosterPredictForMat(
                _booster.DangerousGetHandle(), features, LightGbmApi.Float32, rows.Count, rows.Width, isRowMajor: 1, LightGbmApi.PredictNormal, 0, _trees, $"num_threads={_threads}", out _, first));
        }

        return results;
    }

    /// <summary>The trees.</summary>
    public BoostedTrees ToTrees()
    {
        LightGbm.Check(LightGbmApi.LGBM_BoosterSaveModelToString(_booster.DangerousGetHandle(), 0, _trees, 0, 0, out var length, []));
        var text = new byte[length];
        LightGbm.Check(LightGbmApi.LGBM_BoosterSaveModelToString(_booster.DangerousGetHandle(), 0, _trees, 0, length, out _, text));
        return TreeText.Parse(Encoding.UTF8.GetString(text.AsSpan().TrimEnd((byte)0)));
    }

    public void Dispose() => _booster.Dispose();
}
