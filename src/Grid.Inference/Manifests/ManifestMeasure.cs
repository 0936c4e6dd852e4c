namespace Grid.Inference.Manifests;

/// <summary>How the difference of two distributions is measured. Written in snake case in <c>model.yaml</c>.</summary>
public enum ManifestMeasure
{
    /// <summary>Population stability index.</summary>
    Psi = 1,

    JensenShannon = 2,

    Hellinger = 3,

    KolmogorovSmirnov = 4,

    Wasserstein = 5,

    CramersV = 6,
}
